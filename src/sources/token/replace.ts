import {randomBytes} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type {Failure} from '../../domain/failure.ts'
import {exposureOf, exposureText} from '../../domain/token/copy.ts'
import {readBytes, syncFolder} from '../files.ts'
import {fileDigest, fileErrorCode} from './file.ts'

export type Replaced = {ok: true; file: string; digest: string} | {ok: false; problem: Failure}

const asOwner = "run gatecrab as the file's owner"

const failures: Readonly<Record<string, readonly [because: string, tryThis: string]>> = {
  ENOSPC: ['the disk is full', 'make room and try again'],
  EDQUOT: ['the quota of this user is used up', 'make room and try again'],
  EACCES: ['this user may not write there', asOwner],
  EPERM: ['this user may not write there, or the file is locked against changes', asOwner],
  EROFS: ['the file system is read-only', 'change it where it is mounted to be written to'],
  EBUSY: [
    'the file is mounted by itself, as into a container, and cannot be replaced',
    'change it on the machine that mounts it',
  ],
  ENOENT: ['the file is gone', 'look at the copies again'],
  EIO: ['the disk failed', 'look at the system log'],
  EMFILE: ['this process may not open any more files (EMFILE)', 'raise `ulimit -n` and try again'],
  ENFILE: ['this machine has no file descriptors left (ENFILE)', 'end what holds them and try again'],
}

const refusal = (file: string, why: string, tryThis: string): Replaced => ({
  ok: false,
  problem: {title: `${file} is unchanged`, because: why, tryThis, from: 'gateway'},
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return fileErrorCode(error) !== 'ESRCH'
  }
}

/** What a gatecrab that was killed left beside the file: it holds a token as well. */
export const clearLeftovers = (asked: string): void => {
  try {
    const file = fs.realpathSync(asked)
    const [folder, name] = [path.dirname(file), path.basename(file)]
    for (const other of fs.readdirSync(folder)) {
      if (!other.startsWith(`.${name}.`)) continue
      const pid = /^(\d+)-[0-9a-f]{8}\.gatecrab$/.exec(other.slice(name.length + 2))?.[1]
      if (pid !== undefined && !isAlive(Number(pid))) fs.rmSync(path.join(folder, other), {force: true})
    }
  } catch {}
}

/** A file beside the first one, whole and on the disk, with its mode and owner, before it has the name. */
const writeTemporary = (file: string, bytes: Buffer, {mode, uid, gid}: Pick<fs.Stats, 'mode' | 'uid' | 'gid'>): string => {
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.gatecrab`)
  const fd = fs.openSync(fresh, 'wx', 0o600)
  try {
    fs.writeFileSync(fd, bytes)
    const {uid: ownUid, gid: ownGid} = fs.fstatSync(fd)
    if (uid !== ownUid || gid !== ownGid) fs.fchownSync(fd, uid, gid)
    fs.fchmodSync(fd, mode & 0o7777)
    fs.fsyncSync(fd)
  } catch (error) {
    fs.rmSync(fresh, {force: true})
    throw error
  } finally {
    fs.closeSync(fd)
  }
  return fresh
}

const isStill = (file: string, digest: string): boolean => fileDigest(readBytes(file)) === digest

const exposed = (file: string, stats: fs.Stats, trusted: readonly number[] | null): Replaced | null => {
  const exposure = trusted === null ? null : exposureOf(stats, trusted)
  if (exposure === null) return null
  const {because, tryThis} = exposureText(exposure, file)
  return refusal(file, because, tryThis)
}

const changed = (file: string): Replaced => refusal(file, 'somebody changed it since it was read', 'look at the copies again')

/** A whole file put in the place of whatever is there; with the mode and owner of that, or for this user alone. Throws. */
export const putFile = (asked: string, bytes: Buffer): void => {
  const file = fs.existsSync(asked) ? fs.realpathSync(asked) : asked
  const stat = fs.statSync(fs.existsSync(file) ? file : path.dirname(file))
  clearLeftovers(file)
  const fresh = writeTemporary(file, bytes, {mode: stat.isFile() ? stat.mode : 0o600, uid: stat.uid, gid: stat.gid})
  try {
    fs.renameSync(fresh, file)
  } catch (error) {
    fs.rmSync(fresh, {force: true})
    throw error
  }
  syncFolder(path.dirname(file))
}

/**
 * A whole file replaced by one rename: at any moment the name leads to the old text or to the new one. Only if the file still is what
 * was read; the look right before the rename leaves no more than an instant in which somebody else's change could be lost. With
 * `trusted`, a file that others own or read is left as it is; owner and mode are looked at once, so that what was judged is what is written.
 */
export const replaceFile = (
  asked: string,
  digest: string,
  edit: (text: string) => {text: string} | {problem: Failure},
  trusted: readonly number[] | null = null,
): Replaced => {
  let fresh: string | null = null
  try {
    const file = fs.realpathSync(asked)
    const before = readBytes(file)
    if (fileDigest(before) !== digest) return changed(file)
    const stats = fs.statSync(file)
    const refused = exposed(file, stats, trusted)
    if (refused) return refused
    const text = before.toString('utf8')
    if (!Buffer.from(text, 'utf8').equals(before)) return refusal(file, 'it is not UTF-8', 'change it by hand')
    const edited = edit(text)
    if ('problem' in edited) return {ok: false, problem: edited.problem}
    const bytes = Buffer.from(edited.text, 'utf8')
    clearLeftovers(file)
    fresh = writeTemporary(file, bytes, stats)
    if (!isStill(file, digest)) return changed(file)
    fs.renameSync(fresh, file)
    fresh = null
    syncFolder(path.dirname(file))
    return {ok: true, file, digest: fileDigest(bytes)}
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === '') throw error
    const [because = code, tryThis = 'try again'] = failures[code] ?? []
    return refusal(asked, because, tryThis)
  } finally {
    if (fresh !== null) fs.rmSync(fresh, {force: true})
  }
}
