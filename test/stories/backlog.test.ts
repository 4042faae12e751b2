import path from 'node:path'
import {expect, test} from 'vitest'
import {backlog, everyLine, merged} from '../../src/sources/backlog.ts'
import {archives, captureDay, captured, captures, rawLines, readLines, twoDays} from './captures.ts'

const files = [
  ...captures.flatMap(({jsonl, console}) => [jsonl, console]),
  ...archives,
  ...twoDays('2026.2.26'),
  ...twoDays('2026.9.6'),
  captured('2026.9.6', 'logs-follow.jsonl'),
]

const named = files.map(file => ({name: path.relative(captured('', ''), file), file}))

test.each(named)('what the fast reader tells of $name is what its lines tell', ({file}) => {
  const told = [...backlog(file, captureDay)].flat()
  const events = readLines(rawLines(file), file).filter(line => line.event !== null)
  expect(told).toEqual(events)
  expect(told.length).toBeGreaterThan(0)
})

test('every line is every line', () => {
  for (const {file} of named) expect([...everyLine(file)].map(({raw}) => raw)).toEqual(rawLines(file))
})

test('logs that are read as one are in order of time, and none of their lines is lost', () => {
  const some = captures.filter(({release}) => release === '2026.9.6').map(({jsonl}) => jsonl)
  const lines = [...merged(some, captureDay)]
  expect(lines.length).toBe(some.flatMap(file => [...backlog(file, captureDay)].flat()).length)
  const files = new Set(lines.map(({from}) => from.file))
  expect(files.size).toBe(some.length)
  const firsts = some.map(file => lines.findIndex(({from}) => from.file === file))
  const startOf = (file: string): number => readLines(rawLines(file), file).find(({event}) => event !== null)?.at ?? 0
  expect(firsts.toSorted((a, b) => a - b)).toEqual(
    some.toSorted((a, b) => startOf(a) - startOf(b)).map(file => lines.findIndex(({from}) => from.file === file)),
  )
})
