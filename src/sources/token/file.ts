import {createHmac, randomBytes} from 'node:crypto'
import {constants} from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import type {Secret} from '../../domain/secret.ts'
import {whyUnreadable} from '../error-words.ts'

/** Made again with every run and never written down, so that no mark can be tried against a list of guesses. */
const key = randomBytes(32)

const hashed = (data: string | Buffer): string => createHmac('sha256', key).update(data).digest('hex')

/** The same for copies that hold the same token. White space around it does not count: the gateway trims. */
export const tokenDigest = (secret: Secret): string => hashed(`token ${secret.reveal().trim()}`)

/** Tells whether a file is still what it was. */
export const fileDigest = (bytes: Buffer): string => hashed(bytes)

/** A file as it was read; its text may hold secrets and goes no further than to a parser. */
export type FileContent = {
  /** As it was asked for, and what links lead to. */
  path: string
  file: string
  text: string
  mode: string
  uid: number
  digest: string
  changedAt: number
  replaceable: boolean
}

/** `broken` is read, and not understood. */
export type Unread = {missing: boolean; because: string; broken?: true}

const maxBytes = 8 * 1024 * 1024

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
}

export const fileErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

export const unread = (error: unknown): Unread => {
  const code = fileErrorCode(error)
  return {
    missing: code === 'ENOENT' || code === 'ENOTDIR',
    because: whyUnreadable(code)?.because ?? reasons[code] ?? (code || 'it cannot be read'),
  }
}

const canReplace = async (file: string): Promise<boolean> => {
  try {
    await fs.access(path.dirname(file), constants.W_OK)
    return true
  } catch {
    return false
  }
}

const modeOf = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** A whole small file, whatever it is; never a pipe or a device, which could keep us waiting. */
export const readWhole = async (asked: string, max = maxBytes): Promise<FileContent | Unread> => {
  try {
    const file = await fs.realpath(asked)
    const {mode, uid, size, mtimeMs, isFile} = await fs.stat(file).then(stat => ({...stat, isFile: stat.isFile()}))
    if (!isFile) return {missing: false, because: 'it is no plain file'}
    if (size > max) return {missing: false, because: `it is larger than ${max >> 20} MiB`}
    const bytes = await fs.readFile(file)
    return {
      path: asked,
      file,
      text: bytes.toString('utf8'),
      mode: modeOf(mode),
      uid,
      digest: fileDigest(bytes),
      changedAt: mtimeMs,
      replaceable: await canReplace(file),
    }
  } catch (error) {
    return unread(error)
  }
}

export const isFileContent = (file: FileContent | Unread): file is FileContent => 'text' in file

/** The names in a folder; none where there is no such folder. */
export const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return (await fs.readdir(folder)).toSorted()
  } catch {
    return []
  }
}

export const uidOf = async (place: string): Promise<number | null> => {
  try {
    return (await fs.stat(place)).uid
  } catch {
    return null
  }
}
