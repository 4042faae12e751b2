import fs from 'node:fs'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {followDays} from '../../src/sources/log/day-follower.ts'
import type {StartFrom} from '../../src/sources/log/log-follower.ts'
import {closedAfterwards, listening, scratchFolder} from '../stress/listening.ts'

const dayMs = 24 * 60 * 60 * 1000
const name = {prefix: 'openclaw-', suffix: '.log'}

const followedDays = (folder: string, {from = 'start', now}: {from?: StartFrom; now?: () => Date} = {}) => {
  const heard = listening()
  const options = {folder, name, from, pollMs: 20, nudge: false, onLines: heard.onLines, onState: heard.onState}
  const follower = closedAfterwards(followDays(now ? {...options, now} : options))
  return {...heard, follower, caughtUp: follower.caughtUp}
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
  const heard = followedDays(folder)
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['2026-01-07', '2026-01-09', '2026-01-10'])
})

test('takes up a new day from its start and keeps the old one, which may still be written to', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'before us\n')
  const heard = followedDays(folder, {from: 'end'})
  await heard.caughtUp()
  fs.writeFileSync(day(folder, '2026-01-11'), 'new day\n')
  await heard.caughtUp()
  fs.appendFileSync(day(folder, '2026-01-10'), 'old day\n')
  await heard.caughtUp()
  expect(heard.lines.map(({raw, line}) => [raw, line])).toEqual([
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
  const heard = followedDays(folder)
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['ours'])
})

test('a name may be made by a function', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(path.join(folder, 'openclaw-work-2026-01-10.log'), 'ours\n')
  fs.writeFileSync(day(folder, '2026-01-10'), 'not ours\n')
  const heard = listening()
  const {onLines, onState} = heard
  const options = {folder, from: 'start', pollMs: 20, nudge: false, onLines, onState} as const
  await closedAfterwards(followDays({...options, name: date => `openclaw-work-${date}.log`})).caughtUp()
  expect(heard.raws()).toEqual(['ours'])
})

test('an old day is let go after a quiet day, with its last words', async () => {
  const folder = scratchFolder()
  let now = new Date()
  fs.writeFileSync(day(folder, '2026-01-09'), 'whole\nunfinished')
  const heard = followedDays(folder, {now: () => now})
  await heard.caughtUp()
  fs.writeFileSync(day(folder, '2026-01-10'), '')
  fs.writeFileSync(day(folder, '2026-01-11'), '')
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['whole'])
  now = new Date(now.getTime() + dayMs + 60_000)
  await vi.waitFor(() => expect(heard.raws()).toEqual(['whole', 'unfinished']))
})

test("an empty or missing folder is said once, with today's name; what comes is read from its start", async () => {
  const folder = path.join(scratchFolder(), 'not-yet')
  const heard = followedDays(folder, {from: 'end', now: () => new Date(2026, 0, 10, 23, 59)})
  await heard.caughtUp()
  await heard.caughtUp()
  expect(heard.states).toEqual([{kind: 'missing', file: day(folder, '2026-01-10')}])
  fs.mkdirSync(folder)
  fs.writeFileSync(day(folder, '2026-01-11'), 'its clock is ahead of ours\n')
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['its clock is ahead of ours'])
})

test('a day that rotates by size is followed through its archives', async () => {
  const folder = scratchFolder()
  const file = day(folder, '2026-01-10')
  fs.writeFileSync(file, '1\n')
  const heard = followedDays(folder)
  await heard.caughtUp()
  for (const text of ['2\n', '3\n']) {
    if (text === '3\n') fs.renameSync(file.replace('.log', '.1.log'), file.replace('.log', '.2.log'))
    fs.renameSync(file, file.replace('.log', '.1.log'))
    fs.writeFileSync(file, text)
  }
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['1', '2', '3'])
})

test('finish hands over the unfinished lines of all days', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'a')
  fs.writeFileSync(day(folder, '2026-01-11'), 'b')
  const heard = followedDays(folder)
  await heard.follower.finish()
  expect(heard.raws()).toEqual(['a', 'b'])
})

test('days that are written to in turn are told in turn, whoever looks first', async () => {
  const folder = scratchFolder()
  const files = [day(folder, '2026-01-10'), day(folder, '2026-01-11')] as const
  for (const file of files) fs.writeFileSync(file, '')
  const heard = followedDays(folder)
  await heard.caughtUp()
  const wanted: string[] = []
  for (let n = 0; n < 60; n += 1) {
    for (const file of files) fs.appendFileSync(file, `${n} ${path.basename(file)}\n`)
    wanted.push(...files.map(file => `${n} ${path.basename(file)}`))
    await vi.waitFor(() => expect(heard.raws()).toHaveLength(wanted.length), {interval: 1, timeout: 10_000})
  }
  expect(heard.raws()).toEqual(wanted)
})

test('a day that came and was rotated by its size before it was seen is read from its archives', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(day(folder, '2026-01-10'), 'yesterday\n')
  const heard = followedDays(folder)
  await heard.caughtUp()
  const file = day(folder, '2026-01-11')
  fs.writeFileSync(file.replace('.log', '.1.log'), 'first\n')
  fs.writeFileSync(file, 'second\n')
  await heard.caughtUp()
  expect(heard.raws()).toEqual(['yesterday', 'first', 'second'])
})
