import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {expect, onTestFinished, test} from 'vitest'
import type {ProfileReading} from '../../src/domain/logins/reading.ts'
import {watchProfiles} from '../../src/sources/logins/watch.ts'
import {agentDb, folder, lookAt, moved, put, sharedDb, token} from './profile-host.ts'

const store = (name: string) => ({version: 1, profiles: {[name]: token(Date.now() + 1e9)}})

const idsIn = ({shared, agents}: ProfileReading): string[] =>
  [shared?.rows, ...agents.map(({own}) => own)].flatMap(rows => rows?.credentials.map(({profileId}) => profileId) ?? [])

/** Each reading as it comes; `until` waits for one. */
const watching = (stateDir: string, pollMs: number) => {
  const readings: ProfileReading[] = []
  let wake = (): void => {}
  const watch = watchProfiles({
    location: lookAt(stateDir, '2026.9.6'),
    pollMs,
    restMs: 20,
    onRead: reading => {
      readings.push(reading)
      wake()
    },
  })
  onTestFinished(() => watch.close())
  const until = async (holds: (reading: ProfileReading) => boolean): Promise<ProfileReading> => {
    for (;;) {
      const found = readings.find(holds)
      if (found) return found
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  return {readings, until, close: () => watch.close()}
}

const host = () => {
  const stateDir = folder()
  put(stateDir, 'openclaw.json', {})
  return {stateDir, db: sharedDb(stateDir, {...moved, 'authProfiles.store': store('anthropic:one')})}
}

const write = (db: DatabaseSync, name: string): void => {
  db.prepare("UPDATE config_machine_state SET value_json = ? WHERE state_key = 'authProfiles.store'").run(
    JSON.stringify(store(name)),
  )
}

const open = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file)
  onTestFinished(() => db.close())
  db.exec('PRAGMA wal_autocheckpoint = 0')
  return db
}

test.each([
  ['nudged, long before the next look', 600_000],
  ['by looking alone', 30],
])('what is written into the log of the database is read at once: %s', async (_how, pollMs) => {
  const {stateDir, db: file} = host()
  const {until} = watching(stateDir, pollMs)
  await until(reading => idsIn(reading).includes('anthropic:one'))
  write(open(file), 'anthropic:two')
  const seen = await until(reading => idsIn(reading).includes('anthropic:two'))
  expect(seen.isWhole).toBe(true)
})

test('an agent that turns up, and a store replaced under our eyes', async () => {
  const {stateDir, db} = host()
  const {until} = watching(stateDir, 30)
  await until(reading => idsIn(reading).includes('anthropic:one'))
  agentDb(path.join(stateDir, 'agents/work/agent/openclaw-agent.sqlite'), store('anthropic:work'))
  await until(reading => idsIn(reading).includes('anthropic:work'))
  const other = host()
  const next = open(other.db)
  write(next, 'anthropic:replaced')
  next.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  fs.renameSync(other.db, db)
  const seen = await until(reading => idsIn(reading).includes('anthropic:replaced'))
  expect(idsIn(seen)).toEqual(['anthropic:replaced', 'anthropic:work'])
})

test('while it cannot be read, what was read last stands with its age, and it comes back', async () => {
  const {stateDir, db} = host()
  const {until} = watching(stateDir, 30)
  const first = await until(reading => idsIn(reading).includes('anthropic:one'))
  const good = fs.readFileSync(db)
  fs.writeFileSync(db, good.subarray(0, 5000))
  const broken = await until(reading => !reading.isWhole)
  expect([idsIn(broken), broken.at]).toEqual([['anthropic:one'], first.at])
  expect(broken.problems.map(({title}) => title).join()).toContain('half-written or damaged')
  fs.writeFileSync(db, good)
  const again = await until(reading => reading.isWhole && reading.at > first.at)
  expect([idsIn(again), again.problems.map(({title}) => title)]).toEqual([['anthropic:one'], ['The config names no model']])
})

test('nothing changes: nothing is read; closed: nothing is said', async () => {
  const {stateDir, db: file} = host()
  const {readings, until, close} = watching(stateDir, 5)
  await until(reading => idsIn(reading).includes('anthropic:one'))
  const {readings: others, until: other} = watching(stateDir, 5)
  await other(reading => idsIn(reading).includes('anthropic:one'))
  close()
  const before = readings.length
  write(open(file), 'anthropic:two')
  await other(reading => idsIn(reading).includes('anthropic:two'))
  expect(readings).toHaveLength(before)
  expect(before).toBeLessThanOrEqual(2)
  expect(others.length).toBeLessThanOrEqual(5)
})
