import fs from 'node:fs'
import path from 'node:path'
import type {ProfileReading} from '../domain/credential-reading.ts'
import {agentPlace, sharedPlace} from '../gateway/profile-places.ts'
import {type FolderWatch, watchFolder} from './log-nudge.ts'
import {agentsOnDisk} from './profile-agents.ts'
import {dotenvFiles} from './profile-env.ts'
import type {ProfileLook} from './profile-gathered.ts'
import {readProfiles} from './profile-reader.ts'

export type ProfileWatch = {close(): void}

export type ProfileWatchOptions = {
  look: ProfileLook
  onRead: (reading: ProfileReading) => void
  now?: () => number
  pollMs?: number
  /** A busy gateway writes its database many times a second, mostly other rows. */
  restMs?: number
}

const stamp = (file: string): string => {
  try {
    const {ino, size, mtimeMs} = fs.statSync(file)
    return `${ino}:${size}:${mtimeMs}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

const withLog = (db: string): string[] => [db, `${db}-wal`]

type Known = {folders: readonly string[]; files: readonly string[]}

/** Files that decide what is shown, and the folders in which new ones may turn up. */
const knownTo = (look: ProfileLook, seen: ProfileReading | null): Known => {
  const own = (seen?.agents ?? []).flatMap(({own}) => (own?.place.path ? [path.dirname(own.place.path)] : []))
  const ids = [...new Set(['main', ...agentsOnDisk(look.stateDir), ...(seen?.agents ?? []).map(({id}) => id)])]
  const folders = [...new Set([...ids.map(id => agentPlace(id, null, look).folder), ...own])]
  const stores = folders.flatMap(folder => [
    ...withLog(path.join(folder, 'openclaw-agent.sqlite')),
    path.join(folder, 'auth-profiles.json'),
    path.join(folder, 'auth-state.json'),
  ])
  const {db} = sharedPlace(look.stateDir)
  return {
    folders: [look.stateDir, path.dirname(db), path.join(look.stateDir, 'agents'), ...folders],
    files: [look.configFile, ...dotenvFiles(look.stateDir, look.around), ...withLog(db), ...stores],
  }
}

const stampOf = (look: ProfileLook, seen: ProfileReading | null): string => knownTo(look, seen).files.map(stamp).join(' ')

/** What could not be read this time stands as it was read last, with its age and the problem. */
const together = (last: ProfileReading | null, read: ProfileReading): ProfileReading =>
  last !== null && last.isWhole && !read.isWhole ? {...last, problems: read.problems, isWhole: false} : read

/**
 * Reads again when a store has changed. The watch on folders only saves a wait: what counts is the look at size and time.
 * OpenClaw itself is asked on the first reading at most, never again and again.
 */
export const watchProfiles = ({
  look,
  onRead,
  now = Date.now,
  pollMs = 2000,
  restMs = 1000,
}: ProfileWatchOptions): ProfileWatch => {
  let isClosed = false
  let last: ProfileReading | null = null
  let whole: ProfileReading | null = null
  let stamped = ''
  let timer: NodeJS.Timeout | undefined
  let watches: FolderWatch[] = []
  let folders = ''

  const after = (ms: number): void => {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(check, ms)
  }
  const nudge = (): void => {
    if (!isReading) after(50)
  }
  const watch = (): void => {
    const {folders: known} = knownTo(look, last)
    if (known.join('\n') === folders) return
    folders = known.join('\n')
    for (const one of watches) one.close()
    watches = known.map(folder => watchFolder(folder, nudge))
    for (const one of watches) one.arm()
  }
  let isReading = false
  const check = async (): Promise<void> => {
    const stampedNow = stampOf(look, last)
    if (stampedNow === stamped) return after(pollMs)
    isReading = true
    const read = await readProfiles(last === null ? look : {...look, openclaw: null}, now())
    isReading = false
    if (isClosed) return
    stamped = read.isWhole ? stampedNow : ''
    last = together(whole, read)
    if (read.isWhole) whole = read
    watch()
    onRead(last)
    after(restMs)
  }

  watch()
  after(0)
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const one of watches) one.close()
    },
  }
}
