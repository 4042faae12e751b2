import fs from 'node:fs'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {followConsole} from '../../src/sources/log/console-follower.ts'
import type {StartFrom} from '../../src/sources/log/follower.ts'
import {closedAfterwards, listening, scratchFolder} from '../stress/recorder.ts'

const followed = (file: string, from: StartFrom = 'start') => {
  const result = listening()
  const follower = closedAfterwards(followConsole(file, {from, pollMs: 20, onLines: result.onLines, onState: result.onState}))
  return {...result, follower, caughtUp: follower.caughtUp}
}

const logIn = (text?: string): string => {
  const file = path.join(scratchFolder(), 'gateway.log')
  if (text !== undefined) fs.writeFileSync(file, text)
  return file
}

test('says where each line stands, also when it begins near the end', async () => {
  const file = logIn('één\ntwo\r\nthree\n')
  const whole = followed(file)
  const near = followed(file, {lastBytes: 8})
  const end = followed(file, 'end')
  for (const one of [whole, near, end]) await one.caughtUp()
  fs.appendFileSync(file, 'four\n')
  for (const one of [whole, near, end]) await one.caughtUp()
  expect(whole.lines).toEqual([
    {file, line: 1, raw: 'één', offset: 0},
    {file, line: 2, raw: 'two', offset: 6},
    {file, line: 3, raw: 'three', offset: 11},
    {file, line: 4, raw: 'four', offset: 17},
  ])
  expect(near.numbers()).toEqual([3, 4])
  expect(end.numbers()).toEqual([4])
})

test('hears of appended lines by itself, characters cut between writes included', async () => {
  const file = logIn('')
  const result = followed(file)
  await result.caughtUp()
  const bytes = Buffer.from('日本👍\n')
  for (const part of [bytes.subarray(0, 2), bytes.subarray(2, 8), bytes.subarray(8)]) {
    fs.appendFileSync(file, part)
    await result.caughtUp()
  }
  fs.appendFileSync(file, 'by itself\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['日本👍', 'by itself']))
})

test('waits for a file that is missing, and reads it from its start', async () => {
  const file = logIn()
  const result = followed(file, 'end')
  await result.caughtUp()
  fs.writeFileSync(file, 'first\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['first']))
  expect(result.kinds()).toEqual(['missing', 'reading'])
})

test('emptied by hand, or recreated: read from the start again, unfinished lines not glued', async () => {
  const file = logIn('one\nHALF')
  const result = followed(file)
  await result.caughtUp()
  fs.writeFileSync(file, 'two\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['one', 'HALF', 'two']))
  fs.rmSync(file)
  await vi.waitFor(() => expect(result.kinds().at(-1)).toBe('missing'))
  fs.writeFileSync(file, 'three\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['one', 'HALF', 'two', 'three']))
  expect(result.kinds()).toEqual(['reading', 'truncated', 'reading', 'missing', 'reading'])
})

test('goes on where it was after a read error, which is said once', async () => {
  const file = logIn('one\n')
  const result = followed(file)
  await result.caughtUp()
  const failing = vi.spyOn(fs, 'createReadStream').mockImplementation(() => {
    throw Object.assign(new Error('input/output error'), {code: 'EIO'})
  })
  fs.appendFileSync(file, 'two\n')
  await vi.waitFor(() => expect(failing.mock.calls.length).toBeGreaterThan(2))
  failing.mockRestore()
  await vi.waitFor(() => expect(result.kinds().at(-1)).toBe('recovered'))
  expect(result.numbers()).toEqual([1, 2])
  expect(result.states.filter(({kind}) => kind === 'unreadable')).toEqual([{kind: 'unreadable', file, code: 'EIO'}])
})

test('finish hands over the unfinished line; nothing comes after close', async () => {
  const file = logIn('one\nunfinished')
  const finished = followed(file)
  await finished.follower.finish()
  expect(finished.raws()).toEqual(['one', 'unfinished'])
  const closed = followed(file)
  closed.follower.close()
  await closed.caughtUp()
  expect(closed.raws()).toEqual([])
})
