import fs from 'node:fs'
import type {DatabaseSync} from 'node:sqlite'
import {setTimeout as pause} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import {imageOf, openImage} from './sqlite-image.ts'
import {isStoreError, type StoreError, sqliteCode, storeErrorOf} from './store-error.ts'

type Sqlite = typeof import('node:sqlite')

/** Short, for SQLite waits without letting anything else happen; then it is tried again. */
const busyMs = 40
const tries = 4
const betweenMs = 30

/** Loaded when a store is first read; older Nodes announce it as experimental on the operator's screen. */
const loadSqlite = (): Sqlite => {
  const announce = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!/SQLite is an experimental/.test(String(warning))) announce.call(process, warning, ...rest)
  }) as typeof announce
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = announce
  }
}

/**
 * Beside a running gateway. A plain read-only connection still writes its mark into the gateway's -shm file;
 * with `readonly_shm` not one byte of any of the three files changes.
 */
const openLive = (sqlite: Sqlite, file: string): DatabaseSync => {
  const url = pathToFileURL(file)
  url.search = 'readonly_shm=1'
  return new sqlite.DatabaseSync(url, {readOnly: true, timeout: busyMs})
}

const runQuery = <T>(db: DatabaseSync, ask: (db: DatabaseSync) => T): T => {
  try {
    db.exec('BEGIN')
    return ask(db)
  } finally {
    db.close()
  }
}

const fromImage = <T>(sqlite: Sqlite, file: string, ask: (db: DatabaseSync) => T): T | StoreError => {
  const image = imageOf(file)
  return isStoreError(image) ? image : runQuery(openImage(sqlite, image), ask)
}

const isLive = (file: string): boolean => fs.existsSync(`${file}-wal`) && fs.existsSync(`${file}-shm`)

/** SQLite cannot open it, or would have to write: nobody else holds it open then. */
const wantsCopy: ReadonlySet<number | null> = new Set([8, 10, 14])

const readBy = <T>(sqlite: Sqlite, file: string, ask: (db: DatabaseSync) => T): T | StoreError => {
  if (!isLive(file)) return fromImage(sqlite, file, ask)
  try {
    return runQuery(openLive(sqlite, file), ask)
  } catch (error) {
    if (wantsCopy.has(sqliteCode(error))) return fromImage(sqlite, file, ask)
    throw error
  }
}

const readOnce = <T>(sqlite: Sqlite, file: string, ask: (db: DatabaseSync) => T): T | StoreError => {
  try {
    return readBy(sqlite, file, ask)
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isGone ? {fault: 'locked', path: file, detail: 'it is being replaced'} : storeErrorOf(error, file)
  }
}

const passes: readonly unknown[] = ['locked', 'half-written']

const isMissing = (file: string): boolean | StoreError => {
  try {
    if (fs.statSync(file).size === 0) return true
    fs.accessSync(file, fs.constants.R_OK)
    return false
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? true : storeErrorOf(error, file)
  }
}

/** Asks again after each pause that whoever drives it makes, while the fault is one that passes. */
function* answers<T>(file: string, ask: (db: DatabaseSync) => T): Generator<void, T | StoreError | null> {
  const missing = isMissing(file)
  if (missing !== false) return missing === true ? null : missing
  const sqlite = loadSqlite()
  for (let i = 1; ; i += 1) {
    const answer = readOnce(sqlite, file, ask)
    if (i === tries || !isStoreError(answer) || !passes.includes(answer.fault)) return answer
    yield
  }
}

/** What a database answers; null where there is none, a fault where it cannot be asked. Leaves every file as it is. */
export const askDatabase = async <T>(file: string, ask: (db: DatabaseSync) => T): Promise<T | StoreError | null> => {
  const asking = answers(file, ask)
  for (;;) {
    const {done, value} = asking.next()
    if (done) return value
    await pause(betweenMs)
  }
}

/** The same in one go, where the answer decides what is written next. */
export const askDatabaseNow = <T>(file: string, ask: (db: DatabaseSync) => T): T | StoreError | null => {
  const asking = answers(file, ask)
  for (;;) {
    const {done, value} = asking.next()
    if (done) return value
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenMs)
  }
}
