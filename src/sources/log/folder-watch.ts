import fs from 'node:fs'
import path from 'node:path'

export type FolderWatch = {arm(): void; isArmed(): boolean; close(): void}

/**
 * Watches a folder rather than a file in it: a watch on the file goes deaf when the file is renamed. It may fail or miss
 * anything (no watches left, a network file system, a folder removed and made again): it only ever saves a wait.
 */
export function watchFolder(folder: string, nudge: (name: string | null) => void): FolderWatch {
  let watcher: fs.FSWatcher | null = null

  const close = (): void => {
    watcher?.close()
    watcher = null
  }
  const arm = (): void => {
    close()
    try {
      watcher = fs.watch(folder, (_event, name) => nudge(name)).on('error', close)
    } catch {
      watcher = null
    }
  }

  return {arm, close, isArmed: () => watcher !== null}
}

export const watchForFile = (file: string, nudge: () => void): FolderWatch => {
  const base = path.basename(file)
  return watchFolder(path.dirname(file), name => {
    if (name === null || name === base) nudge()
  })
}

export const inertWatch: FolderWatch = {arm() {}, close() {}, isArmed: () => false}
