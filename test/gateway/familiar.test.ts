import {expect, test} from 'vitest'
import {connAt, noMemory, recalled} from '../../src/gateway/familiar.ts'
import {readHistoryLine, readLogLine} from '../../src/gateway/log-line.ts'
import {captures, rawLines} from '../stories/captures.ts'

const from = {file: 'log', line: 7}
const lastAt = 5
const now = Date.parse('2026-11-21T12:00:00Z')

/** The same numbers every time. */
const dice = (seed: number) => {
  let state = seed
  return (sides: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const idStart = /[0-9a-f]{8}(?=-[0-9a-f]{4}-)/g

/** As if each line were of another connection: one that is over is not told of again. */
const ofAnother = (raw: string, roll: (sides: number) => number): string =>
  raw.replace(idStart, () =>
    roll(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  )

const strange = [
  '\\"',
  '\\u001b[2J',
  ' conn=x',
  ' peer=x',
  ' remote=',
  '\u202e',
  'é',
  '\u007f',
  'n/a',
  '0',
  ' ',
  '\\",\\"time\\":\\"',
  '00000000-0000-0000-0000-000000000000',
]

const isJson = (raw: string): boolean => {
  try {
    return JSON.parse(raw) !== null
  } catch {
    return false
  }
}

const spoilt = (raw: string, roll: (sides: number) => number): string => {
  const at = roll(raw.length)
  const word = strange[roll(strange.length)] ?? ''
  return roll(2) === 0 ? raw.slice(0, at) + word + raw.slice(at) : raw.slice(0, at) + word + raw.slice(at + word.length)
}

const connectionLines = (file: string): string[] => rawLines(file).filter(raw => raw.includes('gateway/ws'))

test.each(captures)('$name: lines like earlier ones are read as if each were the first', ({jsonl}) => {
  const roll = dice(1)
  const memory = noMemory()
  let told = 0
  for (let pass = 0; pass < 6; pass += 1) {
    for (const line of connectionLines(jsonl)) {
      const raw = pass < 3 ? ofAnother(line, roll) : spoilt(ofAnother(line, roll), roll)
      if (!isJson(raw)) continue
      const read = readHistoryLine(memory, raw, from, lastAt, now)
      if (read === null) continue
      expect(read).toEqual(readLogLine(raw, from, lastAt, now))
      told += 1
    }
  }
  expect(told).toBeGreaterThan(0)
})

test('a connection that got no hello is told of once', () => {
  const [closed = ''] = captures.flatMap(({jsonl}) => rawLines(jsonl)).filter(raw => raw.includes('closed before connect'))
  const memory = noMemory()
  expect(readHistoryLine(memory, closed, from, lastAt, now)?.event).toMatchObject({kind: 'closed-early'})
  expect(readHistoryLine(memory, closed, from, lastAt, now)).toBeNull()
})

test('a line like two earlier ones is not read again', () => {
  const roll = dice(2)
  const memory = noMemory()
  const lines = captures.flatMap(({jsonl}) => rawLines(jsonl)).filter(raw => raw.includes('closed before connect conn='))
  for (let pass = 0; pass < 2; pass += 1) {
    for (const line of lines) readHistoryLine(memory, ofAnother(line, roll), from, lastAt, now)
  }
  const again = lines.filter(line => recalled(memory, line, connAt(line), from) !== null)
  expect(again.length).toBeGreaterThan(lines.length * 0.9)
})
