import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {clean} from '../../src/domain/clean.ts'
import {captured, captures, rawLines, readLines, sum} from '../stories/captures.ts'

const root = captured('', '')

const logs = fs
  .readdirSync(root, {recursive: true, encoding: 'utf8'})
  .filter(name => /\.(?:jsonl|log)$/.test(name))
  .toSorted()

/** The table in the README of the captures, made by those who captured them. */
const counted: readonly (readonly [
  name: string,
  lines: number,
  unauthorized: number,
  closedEarly: number,
  suppressed: number,
  webchatOn: number,
  webchatOff: number,
])[] = [
  ['2026.1.29 default-level', 92, 11, 44, 0, 4, 4],
  ['2026.2.6-3 default-level', 90, 12, 45, 0, 3, 3],
  ['2026.2.26 default-level', 97, 13, 47, 0, 3, 3],
  ['2026.3.13 default-level', 99, 14, 47, 0, 3, 3],
  ['2026.5.28 default-level', 94, 10, 41, 5, 3, 3],
  ['2026.6.11 default-level', 96, 10, 41, 5, 3, 3],
  ['2026.8.2 default-level', 95, 10, 39, 5, 2, 2],
  ['2026.9.6 default-level', 100, 10, 40, 4, 2, 2],
  ['2026.1.29 verbose', 85, 10, 42, 0, 4, 4],
  ['2026.2.26 verbose', 234, 12, 45, 0, 3, 3],
  ['2026.9.6 verbose', 234, 9, 38, 0, 2, 2],
  ['2026.1.29 token-rotation', 21, 0, 1, 0, 2, 2],
  ['2026.2.26 token-rotation', 52, 2, 3, 0, 3, 3],
  ['2026.3.13 token-rotation', 52, 2, 3, 0, 3, 3],
  ['2026.9.6 token-rotation', 50, 2, 4, 0, 2, 2],
  ['2026.6.11 restart', 91, 0, 2, 0, 6, 5],
  ['2026.9.6 restart', 101, 0, 5, 0, 3, 2],
  ['2026.9.6 restart-sigusr1', 83, 0, 5, 0, 3, 2],
  ['2026.6.11 restart-by-config', 44, 0, 1, 0, 2, 2],
  ['2026.2.26 rate-limit', 45, 17, 17, 0, 0, 0],
  ['2026.6.11 rate-limit', 53, 17, 17, 0, 0, 0],
  ['2026.9.6 rate-limit', 60, 17, 17, 0, 0, 0],
  ['2026.2.26 pairing', 28, 0, 10, 0, 0, 0],
  ['2026.6.11 pairing', 35, 0, 9, 0, 0, 0],
  ['2026.9.6 pairing', 37, 0, 8, 0, 0, 0],
  ['2026.9.6 pairing-upgrades', 42, 3, 7, 0, 0, 0],
  ['2026.9.6 password', 35, 4, 5, 0, 0, 0],
  ['2026.9.6 auth-none', 32, 0, 3, 0, 0, 0],
  ['2026.9.6 trusted-proxy', 38, 4, 6, 0, 0, 0],
  ['2026.9.6 provider-auth', 70, 0, 0, 0, 0, 0],
]

const eventsOf = (lines: readonly LogLine[]) =>
  lines.flatMap(({event, text}) => (event !== null && 'facts' in event ? [{...event, text}] : []))

test.each(counted)(
  '%s: the events are as many as were counted',
  (name, lines, unauthorized, closedEarly, suppressed, on, off) => {
    const [capture] = captures.filter(found => found.name === name)
    const read = readLines(rawLines(capture?.jsonl ?? ''))
    const events = eventsOf(read)
    const early = events.filter(({kind}) => kind === 'closed-early')
    expect(read.length).toBe(lines)
    expect(events.filter(({kind, facts}) => kind === 'refused' && facts.cause === 'unauthorized').length).toBe(unauthorized)
    expect(early.length).toBe(closedEarly)
    expect(sum(early.map(({facts}) => facts.suppressed ?? 0))).toBe(suppressed)
    expect(events.filter(({kind, text}) => kind === 'admitted' && text.startsWith('webchat')).length).toBe(on)
    expect(events.filter(({kind, text}) => kind === 'disconnected' && text.startsWith('webchat')).length).toBe(off)
  },
)

test('each capture is counted', () => {
  expect(counted.map(([name]) => name).toSorted()).toEqual(captures.map(({name}) => name).toSorted())
})

describe.each(logs)('%s', name => {
  const raw = rawLines(path.join(root, name))
  const lines = readLines(raw, name)

  test('no line is lost, and each is one that can be shown', () => {
    expect(lines.map(({from}) => from.line)).toEqual(raw.map((_, i) => i + 1))
    for (const line of lines) {
      expect(Number.isFinite(line.at)).toBe(true)
      expect(line.text).toBe(clean(line.text))
      expect(line.text).not.toBe('')
    }
  })
})

/** One line has its object behind its text; there the gateway's message repeats the object. */
test('the text of a line is what the gateway calls its message', () => {
  const jsonl = captures.filter(({release}) => !/^2026\.[1-3]\./.test(release)).flatMap(capture => rawLines(capture.jsonl))
  const messages = jsonl.map(raw => (JSON.parse(raw) as {message: string}).message)
  const texts = readLines(jsonl).map(({text}) => text)
  expect(jsonl.length).toBeGreaterThan(1000)
  const others = texts.filter((text, i) => text !== clean(messages[i] ?? ''))
  expect(others).toEqual(['slow SQLite session write'])
})

test('a line of a gateway says when, how bad and from where', () => {
  const [first] = readLines(rawLines(captured('2026.9.6', 'default-level.jsonl')), 'gateway.log')
  expect(first).toMatchObject({
    at: Date.parse('2026-11-21T10:18:10.297Z'),
    level: 'info',
    subsystem: 'gateway',
    writer: 'gateway',
    from: {file: 'gateway.log', line: 1},
    event: {kind: 'gateway-starting'},
  })
})

test('what a command printed into the log is told apart from what the gateway says', () => {
  const lines = readLines(rawLines(captured('2026.9.6', 'pairing.jsonl')))
  const approved = lines.find(({text}) => text.startsWith('Approved'))
  expect(approved?.writer).toBe('cli')
  expect(lines.find(({text}) => text.startsWith('closed before connect'))?.writer).toBe('gateway')
})
