import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll, expect, test} from 'vitest'
import type {LogEvent} from '../../src/domain/attempts/event.ts'
import {backlog, everyLine, mergeByTime} from '../../src/sources/log/backlog.ts'
import {archives, captureDay, captured, captures, rawLines, readLines, twoDays} from './captures.ts'
import {dice, ofOthers, type Roll, spoilt} from './other-lines.ts'

const files = [
  ...captures.flatMap(({jsonl, console}) => [jsonl, console]),
  ...archives,
  ...twoDays('2026.2.26'),
  ...twoDays('2026.9.6'),
  captured('2026.9.6', 'logs-follow.jsonl'),
  captured('2026.9.6', 'coloured.jsonl'),
  captured('2026.9.6', 'coloured.console.log'),
]

const named = files.map(file => ({name: path.relative(captured('', ''), file), file}))

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-backlog-'))
afterAll(() => fs.rmSync(folder, {recursive: true}))

const read = (lines: readonly LogEvent[]) =>
  lines.flatMap(({at, from, event}) => (event === null ? [] : [{at, from, event: {...event, isShared: null}}]))

/** The fast reader beside the plain one, which reads each line as if it were the first. */
const compared = (file: string) => {
  const fast = read([...backlog(file, captureDay)].flat())
  expect(fast).toEqual(read(readLines(fs.readFileSync(file, 'utf8').split('\n'), file)))
  return fast
}

test.each(named)('what the fast reader tells of $name is what its lines tell', ({file}) => {
  expect(compared(file).length).toBeGreaterThan(0)
})

const shuffled = (lines: readonly string[], roll: Roll): string[] => {
  const left = [...lines]
  return lines.map(() => left.splice(roll(left.length), 1)[0] ?? '')
}

const everyRaw = files.flatMap(rawLines)

const logs: readonly {what: string; lines: (roll: Roll) => string[]; end?: string}[] = [
  {what: 'all of them, one behind the other, three times', lines: () => [...everyRaw, ...everyRaw, ...everyRaw]},
  {
    what: 'all of them, three times with other connections',
    lines: roll => [1, 2, 3].flatMap(() => everyRaw.map(raw => ofOthers(raw, roll))),
  },
  {
    what: 'all of them shuffled, three times with other connections',
    lines: roll =>
      shuffled(
        [1, 2, 3].flatMap(() => everyRaw.map(raw => ofOthers(raw, roll))),
        roll,
      ),
  },
  {
    what: 'all of them spoilt in places',
    lines: roll => [1, 2, 3].flatMap(() => everyRaw.map(raw => (roll(4) === 0 ? spoilt(raw, roll) : ofOthers(raw, roll)))),
  },
  {what: 'all of them as a terminal ends lines', lines: () => [...everyRaw, ...everyRaw, ...everyRaw], end: '\r\n'},
]

test.each(logs)('what the fast reader tells of $what is what their lines tell', ({lines, end = '\n'}) => {
  const file = path.join(folder, 'log.jsonl')
  fs.writeFileSync(file, lines(dice(3)).join(end))
  expect(compared(file).length).toBeGreaterThan(1000)
})

test('every line is every line', () => {
  for (const {file} of named) expect([...everyLine(file)].map(({raw}) => raw)).toEqual(rawLines(file))
})

test('logs that are read as one are in order of time, and none of their lines is lost', () => {
  const some = captures.filter(({release}) => release === '2026.9.6').map(({jsonl}) => jsonl)
  const lines = [...mergeByTime(some, captureDay)].flat()
  expect(lines.length).toBe(some.flatMap(file => [...backlog(file, captureDay)].flat()).length)
  const firsts = some.map(file => lines.findIndex(({from}) => from.file === file))
  expect(new Set(lines.map(({from}) => from.file)).size).toBe(some.length)
  const startOf = (file: string): number => readLines(rawLines(file), file).find(({event}) => event !== null)?.at ?? 0
  expect(firsts.toSorted((a, b) => a - b)).toEqual(
    some.toSorted((a, b) => startOf(a) - startOf(b)).map(file => lines.findIndex(({from}) => from.file === file)),
  )
})
