import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type {DatabaseSync} from 'node:sqlite'
import {readBytes, stampOf} from '../files.ts'
import type {StoreError} from './store-error.ts'

const headerBytes = 32
const frameHeaderBytes = 24

type Sums = readonly [number, number]

/** SQLite's running checksum; the log's magic number says in which byte order it was made. */
const summed = (bytes: Buffer, start: Sums, isBig: boolean): Sums => {
  let [a, b] = start
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    a = (a + (isBig ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i)) + b) >>> 0
    b = (b + (isBig ? bytes.readUInt32BE(i + 4) : bytes.readUInt32LE(i + 4)) + a) >>> 0
  }
  return [a, b]
}

type Frame = {page: number; pagesAfter: number; bytes: Buffer}

const frameAt = (wal: Buffer, at: number, pageSize: number, sums: Sums): {frame: Frame; sums: Sums} | null => {
  const end = at + frameHeaderBytes + pageSize
  if (end > wal.length || wal.compare(wal, 16, 24, at + 8, at + 16) !== 0) return null
  const isBig = (wal.readUInt32BE(0) & 1) === 1
  const bytes = wal.subarray(at + frameHeaderBytes, end)
  const now = summed(bytes, summed(wal.subarray(at, at + 8), sums, isBig), isBig)
  if (now[0] !== wal.readUInt32BE(at + 16) || now[1] !== wal.readUInt32BE(at + 20)) return null
  return {frame: {page: wal.readUInt32BE(at), pagesAfter: wal.readUInt32BE(at + 4), bytes}, sums: now}
}

/** The frames up to the last commit; what follows was cut off or belongs to an earlier round. */
const committed = (wal: Buffer, pageSize: number): Frame[] => {
  const frames: Frame[] = []
  let sums: Sums = [wal.readUInt32BE(24), wal.readUInt32BE(28)]
  for (let at = headerBytes; ; at += frameHeaderBytes + pageSize) {
    const found = frameAt(wal, at, pageSize, sums)
    if (!found) return frames.slice(0, frames.findLastIndex(({pagesAfter}) => pagesAfter > 0) + 1)
    frames.push(found.frame)
    sums = found.sums
  }
}

const isWal = (wal: Buffer): boolean => wal.length > headerBytes && (wal.readUInt32BE(0) & 0xfffffffe) >>> 0 === 0x377f0682

/** The database as it is with its write-ahead log applied, and with its header saying that there is none. */
const withWal = (main: Buffer, wal: Buffer): Buffer => {
  const pageSize = isWal(wal) ? wal.readUInt32BE(8) : 0
  const frames = pageSize > 0 ? committed(wal, pageSize) : []
  const size = frames.length > 0 ? (frames.at(-1)?.pagesAfter ?? 0) * pageSize : main.length
  const image = Buffer.alloc(size)
  main.copy(image, 0, 0, Math.min(size, main.length))
  for (const {page, bytes} of frames) if (page * pageSize <= size) bytes.copy(image, (page - 1) * pageSize)
  if (size >= 20) image.fill(1, 18, 20)
  return image
}

type Sqlite = typeof import('node:sqlite')

const maxBytes = 256 * 1024 * 1024
const tries = 4

const ifThere = (file: string): Buffer => {
  try {
    return readBytes(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** A consistent copy of both files; null if they changed meanwhile. */
const bytesOf = (file: string): {main: Buffer; wal: Buffer} | null => {
  const both = () => [file, `${file}-wal`, `${file}-journal`].map(stampOf).join(' ')
  const before = both()
  const bytes = {main: readBytes(file), wal: ifThere(`${file}-wal`)}
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
