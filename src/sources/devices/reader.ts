import fs from 'node:fs'
import path from 'node:path'
import type {DatabaseSync} from 'node:sqlite'
import {type DeviceStore, emptyDeviceStore} from '../../domain/devices/device.ts'
import type {Failure} from '../../domain/failure.ts'
import {isSince} from '../../domain/release.ts'
import {pairedIn, pendingIn, rowOfDatabase, rowsOfFile} from '../../gateway/devices/store.ts'
import {sharedPlace} from '../../gateway/logins/store.ts'
import {errorWords} from '../error-words.ts'
import {readText} from '../files.ts'
import {askDatabase} from '../logins/sqlite.ts'
import {isStoreError} from '../logins/store-error.ts'
import {fileErrorCode} from '../token/file.ts'

/** What the state folder says of the devices; `store` is null where that cannot be known from files. */
export type DeviceReading = {store: DeviceStore | null; from: string | null; problem: Failure | null}

const storedIn = (stateDir: string): Record<'pending' | 'paired', string> => ({
  pending: path.join(stateDir, 'devices', 'pending.json'),
  paired: path.join(stateDir, 'devices', 'paired.json'),
})

/** The files whose change means that the devices may have changed. */
export const deviceFiles = (stateDir: string): readonly string[] => {
  const {db} = sharedPlace(stateDir)
  return [...Object.values(storedIn(stateDir)), db, `${db}-wal`]
}

const unreadable = (file: string, because: string): DeviceReading => ({
  store: null,
  from: file,
  problem: {
    title: `The devices in ${file} cannot be read`,
    because,
    tryThis: "run gatecrab as the gateway's user, or see `openclaw devices list`",
    from: 'gateway',
  },
})

type Rows = {file: string; rows: readonly unknown[] | null} | {file: string; because: string}

const rowsAt = (file: string): Rows => {
  try {
    const rows = rowsOfFile(readText(file))
    return rows === null ? {file, because: 'it is half-written or damaged'} : {file, rows}
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT' || fileErrorCode(error) === 'ENOTDIR'
      ? {file, rows: null}
      : {file, because: errorWords(error)}
  }
}

/** Null where neither file is there. */
const fromFiles = (stateDir: string): DeviceReading | null => {
  const files = storedIn(stateDir)
  const pending = rowsAt(files.pending)
  const paired = rowsAt(files.paired)
  for (const read of [paired, pending]) if ('because' in read) return unreadable(read.file, read.because)
  if ('because' in pending || 'because' in paired || (pending.rows === null && paired.rows === null)) return null
  return {
    store: {pending: pendingIn(pending.rows ?? []), paired: pairedIn(paired.rows ?? [])},
    from: path.dirname(files.paired),
    problem: null,
  }
}

const tables = {pending: 'device_pairing_pending', paired: 'device_pairing_paired'} as const

const rowsOfTable = (db: DatabaseSync, table: string): Record<string, unknown>[] =>
  db.prepare(`SELECT * FROM ${table}`).all().map(rowOfDatabase)

const hasTables = (db: DatabaseSync): boolean =>
  Object.values(tables).every(
    table => db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined,
  )

/** Null where there is no such database, or none of its tables. */
const fromDatabase = async (stateDir: string): Promise<DeviceReading | null> => {
  const {db: file} = sharedPlace(stateDir)
  const read = await askDatabase(file, db =>
    hasTables(db)
      ? {pending: pendingIn(rowsOfTable(db, tables.pending)), paired: pairedIn(rowsOfTable(db, tables.paired))}
      : null,
  )
  if (read === null) return null
  return isStoreError(read) ? unreadable(read.path, read.detail) : {store: read, from: file, problem: null}
}

const isFolder = (folder: string): boolean => {
  try {
    return fs.statSync(folder).isDirectory()
  } catch {
    return false
  }
}

const noFolder = (stateDir: string): DeviceReading => ({
  store: null,
  from: null,
  problem: {
    title: `There is no state folder ${stateDir}`,
    because: 'the devices are kept in it',
    tryThis: 'name it with --state-dir or --profile, or run gatecrab on the host of the gateway',
    from: 'you',
  },
})

const noDatabase = (stateDir: string): DeviceReading => ({
  store: null,
  from: null,
  problem: {
    title: `${sharedPlace(stateDir).db} is not there`,
    because:
      'this release keeps its devices in it, so no gateway has run from this folder yet, or it runs in a container that keeps its own',
    tryThis: '`openclaw devices list` asks the gateway itself; or name the folder with --state-dir',
    from: 'gateway',
  },
})

/** Releases before this one keep files, and may have empty tables beside them. */
const firstDatabase = '2026.7.35'

/** The devices as the gateway keeps them. Reads files alone: it asks nobody, pairs nobody and changes nothing. */
export const readDeviceStore = async (stateDir: string, release: string | null): Promise<DeviceReading> => {
  const usesDatabase = release !== null && isSince(release, firstDatabase)
  const found = usesDatabase
    ? ((await fromDatabase(stateDir)) ?? fromFiles(stateDir))
    : (fromFiles(stateDir) ?? (await fromDatabase(stateDir)))
  if (found !== null) return found
  if (!isFolder(stateDir)) return noFolder(stateDir)
  // Before there was a database the first device makes the first file.
  return usesDatabase ? noDatabase(stateDir) : {store: emptyDeviceStore, from: stateDir, problem: null}
}
