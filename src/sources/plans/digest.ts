import {createHmac, randomBytes} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type {Secret} from '../../domain/secret.ts'
import {readBytes, syncFolder} from '../files.ts'

/** Hashes that can be compared tomorrow and tell nothing without the key, which lies beside the backups and nowhere else. */
export type KeyedHasher = {digest: (bytes: Buffer | string) => string; tokenDigest: (secret: Secret) => string}

/** Creates the key on first use; without it on disk, digests could not be compared later. */
const linked = (temp: string, file: string): boolean => {
  try {
    fs.linkSync(temp, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  syncFolder(path.dirname(file))
  return true
}

const freshKey = (file: string): Buffer => {
  const key = randomBytes(32)
  const temp = `${file}.${process.pid}`
  try {
    fs.rmSync(temp, {force: true})
    fs.writeFileSync(temp, key, {mode: 0o600, flag: 'wx', flush: true})
    return linked(temp, file) ? key : readBytes(file)
  } finally {
    fs.rmSync(temp, {force: true})
  }
}

const keyIn = (file: string): Buffer => {
  try {
    return readBytes(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return freshKey(file)
  }
}

export const openHasher = (keyFile: string): KeyedHasher => {
  const key = keyIn(keyFile)
  const hashed = (data: string | Buffer): string => createHmac('sha256', key).update(data).digest('hex').slice(0, 32)
  return {digest: bytes => hashed(bytes), tokenDigest: secret => hashed(`token ${secret.reveal().trim()}`)}
}
