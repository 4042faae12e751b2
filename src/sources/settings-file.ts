import fs from 'node:fs'
import path from 'node:path'
import type {Failure} from '../domain/failure.ts'
import {shellWord} from '../domain/shell.ts'
import {type HostEnv, ownConfigFolder} from '../gateway/paths.ts'
import {errorWords} from './error-words.ts'

export const settingsFile = (hostEnv: Pick<HostEnv, 'env' | 'home'>): string =>
  path.join(ownConfigFolder(hostEnv), 'config.json5')

const maxBytes = 1 << 20
const root = 0
const writableByOthers = 0o022

const unread = (file: string, because: string, tryThis: string): Failure => ({
  title: `${file} is not read`,
  because,
  tryThis,
  from: 'you',
})

/** It names commands that are run: whoever may write it runs them as this account. */
const refusal = (file: string, {uid, mode, size}: fs.Stats, isFile: boolean): Failure | null => {
  const own = process.getuid?.()
  if (!isFile) return unread(file, 'it is no file', 'make it a plain file')
  if (own !== undefined && uid !== own && uid !== root)
    return unread(
      file,
      `it belongs to another account (uid ${uid}), and it names commands that are run`,
      `chown it to this account (uid ${own}), or go without it by --no-config`,
    )
  if ((mode & writableByOthers) !== 0)
    return unread(file, 'other accounts may write to it, and it names commands that are run', `\`chmod go-w ${shellWord(file)}\``)
  return size > maxBytes ? unread(file, 'it is larger than 1 MB', 'settings fit in a few lines') : null
}

/** What the file holds; null where there is none. Looked at and read by one descriptor, so that nothing is swapped between. */
export const readSettingsFile = (file: string): {text: string} | Failure | null => {
  let fd: number | null = null
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    const stat = fs.fstatSync(fd)
    return refusal(file, stat, stat.isFile()) ?? {text: fs.readFileSync(fd, 'utf8')}
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    return unread(file, errorWords(error), 'look who may read it; until then flags and defaults hold')
  } finally {
    if (fd !== null) fs.closeSync(fd)
  }
}
