import fs from 'node:fs'
import path from 'node:path'
import * as sqlite from 'node:sqlite'
import {expect, onTestFinished, test} from 'vitest'
import {imageOf, openImage} from '../../src/sources/logins/sqlite-image.ts'
import {isStoreError} from '../../src/sources/logins/store-error.ts'
import {folder, moved, sharedDb} from './profile-host.ts'

/** A database whose log holds three commits, as a process that was killed leaves it. */
const withLog = (): {main: Buffer; wal: Buffer} => {
  const file = sharedDb(folder(), moved)
  const db = new sqlite.DatabaseSync(file)
  onTestFinished(() => db.close())
  db.exec('PRAGMA wal_autocheckpoint = 0; CREATE TABLE many (n INTEGER, filler TEXT)')
  for (let commit = 1; commit <= 3; commit += 1) {
    db.exec('BEGIN')
    for (let i = 0; i < 40; i += 1) db.prepare('INSERT INTO many VALUES (?, ?)').run(commit, 'x'.repeat(400))
    db.exec('COMMIT')
  }
  return {main: fs.readFileSync(file), wal: fs.readFileSync(`${file}-wal`)}
}

const ask = 'SELECT n, count(*) AS rows FROM many GROUP BY n'

const answer = (db: sqlite.DatabaseSync): unknown => {
  try {
    return db.prepare(ask).all()
  } catch (error) {
    return String(error)
  } finally {
    db.close()
  }
}

const lay = ({main, wal}: {main: Buffer; wal: Buffer}): string => {
  const file = path.join(folder(), 'db')
  fs.writeFileSync(file, main)
  fs.writeFileSync(`${file}-wal`, wal)
  return file
}

test('a log cut off anywhere reads as SQLite itself reads it', () => {
  const {main, wal} = withLog()
  const cuts = [
    0,
    31,
    32,
    500,
    Math.floor(wal.length / 3),
    Math.floor(wal.length / 2),
    wal.length - 4097,
    wal.length - 1,
    wal.length,
  ]
  for (const cut of cuts) {
    const file = lay({main, wal: wal.subarray(0, cut)})
    const image = imageOf(file)
    if (isStoreError(image)) throw new Error(image.detail)
    expect([cut, answer(openImage(sqlite, image))]).toEqual([cut, answer(new sqlite.DatabaseSync(file))])
  }
})

test('a damaged frame ends the log', () => {
  const {main, wal} = withLog()
  wal.fill(0, Math.floor(wal.length / 2), Math.floor(wal.length / 2) + 64)
  const file = lay({main, wal})
  const image = imageOf(file)
  if (isStoreError(image)) throw new Error(image.detail)
  expect(answer(openImage(sqlite, image))).toEqual(answer(new sqlite.DatabaseSync(file)))
})

test('where a database cannot be opened from memory, the copy is gone before it is asked', () => {
  const tmp = folder()
  const old = process.env['TMPDIR']
  process.env['TMPDIR'] = tmp
  onTestFinished(() => {
    if (old === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = old
  })
  class WithoutDeserialize extends sqlite.DatabaseSync {
    override deserialize = undefined as never
  }
  const {main, wal} = withLog()
  const image = imageOf(lay({main, wal}))
  if (isStoreError(image)) throw new Error(image.detail)
  const older = {...sqlite, DatabaseSync: WithoutDeserialize} as typeof sqlite
  const db = openImage(older, image)
  expect(fs.readdirSync(tmp).filter(name => name.startsWith('gatecrab-') && !name.startsWith('gatecrab-profiles'))).toEqual([])
  expect(answer(db)).toHaveLength(3)
})
