import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {backlog} from '../../src/sources/log/backlog.ts'
import {readInWorker} from '../../src/sources/log/worker-client.ts'
import {archives, captureDay, captures, rawLines} from './captures.ts'
import {dice, ofOthers, spoilt} from './other-lines.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-thread-'))
afterAll(() => fs.rmSync(folder, {recursive: true}))

const everyRaw = [...captures.flatMap(({jsonl, console}) => [jsonl, console]), ...archives].flatMap(rawLines)

/** The thread is waited for however long it takes. */
const aDay = 86_400_000

const logOf = (lines: readonly string[]): string => {
  const file = path.join(folder, 'log.jsonl')
  fs.writeFileSync(file, lines.join('\n'))
  return file
}

const roll = dice(5)
const spoiltInPlaces = [1, 2, 3].flatMap(() => everyRaw.map(raw => (roll(4) === 0 ? spoilt(raw, roll) : ofOthers(raw, roll))))

test.each([
  {what: 'many connections, spoilt in places', lines: spoiltInPlaces},
  {what: 'a line that is longer than what is read at once', lines: [...everyRaw, 'x'.repeat(3_000_000), ...spoiltInPlaces]},
  {what: 'nothing', lines: []},
])('a thread beside tells of $what what is told without it', ({lines}) => {
  const file = logOf(lines)
  const plain = [...backlog(file, captureDay)].flat()
  expect([...readInWorker(file, captureDay, {patienceMs: aDay})].flat()).toEqual(plain)
  expect(plain.length).toBeGreaterThanOrEqual(lines.length / 100)
})

test('a thread that is silent is done without', () => {
  const file = logOf(everyRaw)
  const silent = [...readInWorker(file, captureDay, {program: new URL('data:text/javascript,'), patienceMs: 50})].flat()
  expect(silent).toEqual([...backlog(file, captureDay)].flat())
})

describe('a thread that is given up after', () => {
  let file = ''
  let plain: unknown[] = []
  beforeAll(() => {
    file = logOf(spoiltInPlaces)
    plain = [...backlog(file, captureDay)].flat()
  })

  test.each([1, 20, 80, 160, 320])('%d ms of silence has not been in vain', timeoutMs => {
    expect([...readInWorker(file, captureDay, {patienceMs: timeoutMs})].flat()).toEqual(plain)
  })
})

test('what cannot be read is told as the system tells it', () => {
  expect(() => [...readInWorker(folder, captureDay)]).toThrow(expect.objectContaining({code: 'EISDIR'}))
})
