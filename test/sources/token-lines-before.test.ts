import fs from 'node:fs'
import path from 'node:path'
import {expect, test} from 'vitest'
import type {RawLine} from '../../src/sources/log/follower.ts'
import {type Cursor, linesBefore} from '../../src/sources/log/lines-before.ts'
import {scratchFolder} from '../stress/recorder.ts'

const logOf = (text: string): string => {
  const file = path.join(scratchFolder(), 'gateway.jsonl')
  fs.writeFileSync(file, text)
  return file
}

const readAllBack = async (file: string, from: Cursor, maxBytes: number): Promise<RawLine[][]> => {
  const chunks: RawLine[][] = []
  for (let cursor = from; ; ) {
    const before = await linesBefore(file, cursor, maxBytes)
    if (before === null) return chunks
    chunks.unshift([...before.lines])
    cursor = before.cursor
  }
}

const text = Array.from({length: 200}, (_, index) => `línea ${index + 1} 👍${'x'.repeat(index % 37)}\n`).join('')

test.each([1, 7, 64, 1_000, 1_000_000])('goes back to the start in chunks of %i bytes, each line once', async maxBytes => {
  const lines = (await readAllBack(logOf(text), {line: Number.POSITIVE_INFINITY}, maxBytes)).flat()
  expect(lines.map(({raw}) => raw)).toEqual(text.trimEnd().split('\n'))
  expect(lines.map(({line}) => line)).toEqual(lines.map((_, index) => index + 1))
  for (const {raw, offset} of lines) expect(Buffer.from(text).subarray(offset).toString().startsWith(`${raw}\n`)).toBe(true)
})

test('a chunk holds what fits, oldest first', async () => {
  expect(await linesBefore(logOf('one\ntwo\nthree\nfour\n'), {line: 4}, 10)).toEqual({
    lines: [
      {file: expect.any(String), line: 2, raw: 'two', offset: 4},
      {file: expect.any(String), line: 3, raw: 'three', offset: 8},
    ],
    cursor: {line: 2, offset: 4},
  })
})

test.each<[string, Cursor]>([
  ['a line as it was read', {line: 3, offset: 8}],
  ['a line number', {line: 3}],
  ['an offset', {offset: 8}],
  ['an offset inside a line', {offset: 11}],
])('the cursor may be %s', async (_what, cursor) => {
  const before = await linesBefore(logOf('one\ntwo\nthree\n'), cursor, 4)
  expect(before?.lines.map(({raw, line}) => [raw, line])).toEqual([['two', 2]])
})

test('the unfinished last line is not a line before the end', async () => {
  const before = await linesBefore(logOf('one\ntwo\nunfin'), {line: Number.POSITIVE_INFINITY}, 100)
  expect(before?.lines.map(({raw}) => raw)).toEqual(['one', 'two'])
})

test.each<[string, Cursor]>([
  ['at the start', {line: 1, offset: 0}],
  ['when the file has become shorter than the cursor', {line: 90, offset: 900}],
  ['when there is no line boundary at the cursor any more', {line: 2, offset: 3}],
])('there is nothing %s', async (_when, cursor) => {
  expect(await linesBefore(logOf('one\ntwo\n'), cursor, 100)).toBeNull()
})

test('there is nothing in a file that is gone', async () => {
  expect(await linesBefore(path.join(scratchFolder(), 'none'), {line: 3}, 100)).toBeNull()
})
