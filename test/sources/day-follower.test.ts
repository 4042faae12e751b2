import fs from 'node:fs'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {followDays} from '../../src/sources/log/day-follower.ts'
import type {StartFrom} from '../../src/sources/log/follower.ts'
import {closedAfterwards, listening, scratchFolder} from '../stress/recorder.ts'

const dayMs = 24 * 60 * 60 * 1000
const name = {prefix: 'openclaw-', suffix: '.log'}

const followedDays = (folder: string, {from = 'start', now}: {from?: StartFrom; now?: () => Date} = {}) => {
  const result = listening()
  const options = {folder, name, from, pollMs: 20, nudge: false, onLines: result.onLines, onState: result.onState}
  const follower = closedAfterwards(followDays(now ? {...options, now} : options))
  return {...result, follower, caughtUp: follower.caughtUp}
}

const day = (folder: string, date: string): string => path.join(folder, `openclaw-${date}.log`)

const quietSince = (file: string, ms: number): void => {
  const time = new Date(Date.now() - ms)
  fs.utimesSync(file, time, time)
}

test('reads the newest two days, the older one first, and of the others those written to within a day', async () => {
  const folder = scratchFolder()
  for (const date of ['2026-01-07', '2026-01-08', '2026-01-09', '2026-01-10']) {
    fs.writeFileSync(day(folder, date), `${date}\n`)
    quietSince(day(folder, date), 2 * dayMs)
  }
  quietSince(day(folder, '2026-01-07'), dayMs / 2)
  const result = followedDays(folder)
  await result.caughtUp()
  expect(result.raws()).toEqual(['2026-01-07', '2026-01-09', '2026-01-10'])
})

test('takes up a new day from its start and keeps the old one, which may still be written to', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'before us\n')
  const result = followedDays(folder, {from: 'end'})
  await result.caughtUp()
  fs.writeFileSync(day(folder, '2026-01-11'), 'new day\n')
  await result.caughtUp()
  fs.appendFileSync(day(folder, '2026-01-10'), 'old day\n')
  await result.caughtUp()
  expect(result.lines.map(({raw, line}) => [raw, line])).toEqual([
    ['new day', 1],
    ['old day', 2],
  ])
})

test('other profiles, archives and lookalikes are not ours', async () => {
  const folder = scratchFolder()
  for (const other of [
    'openclaw-work-2026-01-10.log',
    'openclaw-2026-01-10.1.log',
    'openclaw-2026-01-10.log.1',
    'my-openclaw-2026-01-10.log',
  ]) {
    fs.writeFileSync(path.join(folder, other), 'not ours\n')
  }
  fs.writeFileSync(day(folder, '2026-01-10'), 'ours\n')
  const result = followedDays(folder)
  await result.caughtUp()
  expect(result.raws()).toEqual(['ours'])
})

test('a name may be made by a function', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(path.join(folder, 'openclaw-work-2026-01-10.log'), 'ours\n')
  fs.writeFileSync(day(folder, '2026-01-10'), 'not ours\n')
  const result = listening()
  const {onLines, onState} = result
  const options = {folder, from: 'start', pollMs: 20, nudge: false, onLines, onState} as const
  await closedAfterwards(followDays({...options, name: date => `openclaw-work-${date}.log`})).caughtUp()
  expect(result.raws()).toEqual(['ours'])
})

test('an old day is let go after a quiet day, with its last words', async () => {
  const folder = scratchFolder()
  let now = new Date()
  fs.writeFileSync(day(folder, '2026-01-09'), 'whole\nunfinished')
  const result = followedDays(folder, {now: () => now})
  await result.caughtUp()
  fs.writeFileSync(day(folder, '2026-01-10'), '')
  fs.writeFileSync(day(folder, '2026-01-11'), '')
  await result.caughtUp()
  expect(result.raws()).toEqual(['whole'])
  now = new Date(now.getTime() + dayMs + 60_000)
  await vi.waitFor(() => expect(result.raws()).toEqual(['whole', 'unfinished']))
})

test("an empty or missing folder is said once, with today's name; what comes is read from its start", async () => {
  const folder = path.join(scratchFolder(), 'not-yet')
  const result = followedDays(folder, {from: 'end', now: () => new Date(2026, 0, 10, 23, 59)})
  await result.caughtUp()
  await result.caughtUp()
  expect(result.states).toEqual([{kind: 'missing', file: day(folder, '2026-01-10')}])
  fs.mkdirSync(folder)
  fs.writeFileSync(day(folder, '2026-01-11'), 'its clock is ahead of ours\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['its clock is ahead of ours'])
})

test('a day that rotates by size is followed through its archives', async () => {
  const folder = scratchFolder()
  const file = day(folder, '2026-01-10')
  fs.writeFileSync(file, '1\n')
  const result = followedDays(folder)
  await result.caughtUp()
  for (const text of ['2\n', '3\n']) {
    if (text === '3\n') fs.renameSync(file.replace('.log', '.1.log'), file.replace('.log', '.2.log'))
    fs.renameSync(file, file.replace('.log', '.1.log'))
    fs.writeFileSync(file, text)
  }
  await result.caughtUp()
  expect(result.raws()).toEqual(['1', '2', '3'])
})

test('finish hands over the unfinished lines of all days', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'a')
  fs.writeFileSync(day(folder, '2026-01-11'), 'b')
  const result = followedDays(folder)
  await result.follower.finish()
  expect(result.raws()).toEqual(['a', 'b'])
})

test('days that are written to in turn are told in turn, whoever looks first', async () => {
  const folder = scratchFolder()
  const files = [day(folder, '2026-01-10'), day(folder, '2026-01-11')] as const
  for (const file of files) fs.writeFileSync(file, '')
  const result = followedDays(folder)
  await result.caughtUp()
  const query: string[] = []
  for (let n = 0; n < 60; n += 1) {
    for (const file of files) fs.appendFileSync(file, `${n} ${path.basename(file)}\n`)
    query.push(...files.map(file => `${n} ${path.basename(file)}`))
    await vi.waitFor(() => expect(result.raws()).toHaveLength(query.length), {interval: 1, timeout: 10_000})
  }
  expect(result.raws()).toEqual(query)
})

test('a day that came and was rotated by its size before it was seen is read from its archives', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'yesterday\n')
  const result = followedDays(folder)
  await result.caughtUp()
  const file = day(folder, '2026-01-11')
  fs.writeFileSync(file.replace('.log', '.1.log'), 'first\n')
  fs.writeFileSync(file, 'second\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['yesterday', 'first', 'second'])
})
