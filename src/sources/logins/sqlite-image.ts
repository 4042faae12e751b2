import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type {DatabaseSync} from 'node:sqlite'
import {stampOf} from '../file-stamp.ts'
import type {StoreError} from './store-error.ts'
import {withWal} from './wal.ts'

type Sqlite = typeof import('node:sqlite')

const maxBytes = 256 * 1024 * 1024
const tries = 4

const ifThere = (file: string): Buffer => {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** A consistent copy of both files; null if they changed meanwhile. */
const bytesOf = (file: string): {main: Buffer; wal: Buffer} | null => {
  const both = () => [file, `${file}-wal`, `${file}-journal`].map(stampOf).join(' ')
  const before = both()
  const bytes = {main: fs.readFileSync(file), wal: ifThere(`${file}-wal`)}
  return before === both() ? bytes : null
}

/** A copy in memory: opening the file of a gateway that is down would leave new files beside it. */
export const imageOf = (file: string): Buffer | StoreError => {
  if (fs.statSync(file).size > maxBytes) return {fault: 'too-big', path: file, detail: `more than ${maxBytes / 1024 / 1024} MB`}
  if (fs.statSync(`${file}-journal`, {throwIfNoEntry: false})?.size)
    return {fault: 'half-written', path: file, detail: 'a write is under way or was cut off: its journal lies beside it'}
  for (let i = 0; i < tries; i += 1) {
    const bytes = bytesOf(file)
    if (bytes) return withWal(bytes.main, bytes.wal)
  }
  return {fault: 'locked', path: file, detail: 'it changed each time it was read'}
}

type WithDeserialize = DatabaseSync & {deserialize?: (bytes: Uint8Array) => void}

/** Before Node 24 a database cannot be opened from memory; the file is gone before anything is asked of it. */
const throughFile = (sqlite: Sqlite, image: Buffer): DatabaseSync => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-'))
  try {
    const file = path.join(folder, 'copy')
    fs.writeFileSync(file, image, {mode: 0o600})
    return new sqlite.DatabaseSync(file, {readOnly: true})
  } finally {
    fs.rmSync(folder, {recursive: true, force: true})
  }
}

export const openImage = (sqlite: Sqlite, image: Buffer): DatabaseSync => {
  const db: WithDeserialize = new sqlite.DatabaseSync(':memory:')
  if (!db.deserialize) {
    db.close()
    return throughFile(sqlite, image)
  }
  db.deserialize(image)
  return db
}
