import {createHmac, randomBytes} from 'node:crypto'
import fs from 'node:fs'
import type {Secret} from '../../domain/secret.ts'

/** Hashes that can be compared tomorrow and tell nothing without the key, which lies beside the backups and nowhere else. */
export type Sealer = {seal: (bytes: Buffer | string) => string; mark: (secret: Secret) => string}

const freshKey = (file: string): Buffer => {
  const key = randomBytes(32)
  const temp = `${file}.${process.pid}`
  fs.writeFileSync(temp, key, {mode: 0o600, flag: 'wx'})
  try {
    fs.linkSync(temp, file)
    return key
  } catch {
    return fs.readFileSync(file)
  } finally {
    fs.rmSync(temp, {force: true})
  }
}

const keyIn = (file: string): Buffer => {
  try {
    return fs.readFileSync(file)
  } catch {
    return freshKey(file)
  }
}

export const sealerOf = (keyFile: string): Sealer => {
  const key = keyIn(keyFile)
  const hashed = (data: string | Buffer): string => createHmac('sha256', key).update(data).digest('hex').slice(0, 32)
  return {seal: bytes => hashed(bytes), mark: secret => hashed(`token ${secret.reveal().trim()}`)}
}
