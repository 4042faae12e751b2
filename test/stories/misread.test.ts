import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, it, test} from 'vitest'
import {createTally, type LogTally, misreadOf} from '../../src/domain/log-source.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {backlog} from '../../src/sources/log/backlog.ts'
import {readInWorker} from '../../src/sources/log/worker-client.ts'
import {scratchFolder} from '../stress/recorder.ts'
import {captureDay, captures} from './captures.ts'

const readLive = (file: string): LogTally => {
  const tally = createTally(file)
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [i, raw] of lines.entries()) readLogLine(raw, {file, line: i + 1}, 0, captureDay, tally)
  return tally
}

const readHistory = (file: string): LogTally => {
  const tally = createTally(file)
  Array.from(backlog(file, captureDay, {tally}))
  return tally
}

const written = (text: string | Buffer, name = 'gateway.jsonl'): string => {
  const file = path.join(scratchFolder(), name)
  fs.writeFileSync(file, text)
  return file
}

const ofRelease = (release: string) => {
  const found = captures.find(capture => capture.release === release && capture.story === 'default-level')
  if (!found) throw new Error(`no capture of ${release}`)
  return {jsonl: fs.readFileSync(found.jsonl, 'utf8'), console: fs.readFileSync(found.console, 'utf8')}
}

const hiddenIn = (file: string): number[] =>
  Array.from(backlog(file, captureDay))
    .flat()
    .flatMap(({event}) => (event && 'facts' in event ? (event.facts.suppressed ?? []) : []))

test('what the gateway counts itself is read also where a newer one says more behind it', () => {
  const {jsonl} = ofRelease('2026.9.6')
  const more = jsonl.replaceAll(/( suppressed=\d+)(?=")/g, '$1 window=60s')
  expect(more).not.toBe(jsonl)
  expect(hiddenIn(written(more))).toEqual(hiddenIn(written(jsonl)))
})

test('a client cannot forge that count by the words with which it closes', () => {
  const {jsonl} = ofRelease('2026.9.6')
  const forged = jsonl.replaceAll(/ code=(\d+) reason=(\S+)/g, ' code=$1 reason=$2 phase=a suppressed=9999 b=1')
  expect(forged).not.toBe(jsonl)
  expect(hiddenIn(written(forged))).not.toContain(9999)
})

describe('what was not understood of a log', () => {
  test.each(captures)('is nothing in $name, live and as history', ({jsonl, console}) => {
    for (const file of [jsonl, console]) {
      expect(misreadOf(readLive(file))).toBeNull()
      expect(readHistory(file)).toEqual(readLive(file))
    }
  })

  it('is counted alike in a long log, a repeated one, and in a thread beside', () => {
    const {jsonl} = ofRelease('2026.9.6')
    const file = written(jsonl.replaceAll('closed before connect', 'shut before connect').repeat(40))
    const tally = readHistory(file)
    expect(tally.odd).toBeGreaterThan(40)
    expect(tally).toEqual(readLive(file))
    const external = createTally(file)
    Array.from(readInWorker(file, captureDay, {tally: external, patienceMs: 86_400_000}))
    expect(external).toEqual(tally)
  })

  const {jsonl, console} = ofRelease('2026.9.6')
  const records = jsonl
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  const asLines = (shape: (record: Record<string, unknown>) => unknown): string =>
    `${records.map(record => JSON.stringify(shape(record))).join('\n')}\n`
  const textOf = (record: Record<string, unknown>) => record['2'] ?? record['1']

  test.each([
    ['a subsystem that was renamed', jsonl.replaceAll('gateway/ws', 'gw/sockets')],
    [
      'a subsystem as an object',
      asLines(({0: first, ...rest}) => ({0: JSON.parse(String(first).replace(/^(?!\{).*$/s, '{}')), ...rest})),
    ],
    [
      'an opening phrase that was renamed',
      jsonl.replaceAll('closed before connect', 'shut early').replaceAll('unauthorized conn', 'denied conn'),
    ],
    ['pino', asLines(record => ({level: 40, time: 1, msg: textOf(record)}))],
    ['otel', asLines(record => ({timeUnixNano: '1', body: {stringValue: textOf(record)}}))],
    ['a message inside data', asLines(record => ({data: {message: textOf(record)}}))],
    ['pretty-printed JSON', records.map(record => JSON.stringify(record, null, 2)).join('\n')],
    ['a console without times', console.replace(/^\S+ (?=\[)/gm, '')],
    ['a console whose [ws] was renamed', console.replaceAll('[ws]', '[sockets]')],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${jsonl}`, 'utf16le')],
    ['UTF-16 without', Buffer.from(jsonl, 'utf16le')],
    ['carriage returns alone', jsonl.replaceAll('\n', '\r')],
    ['a console with carriage returns alone', console.replaceAll('\n', '\r')],
    ['a binary', fs.readFileSync(process.execPath).subarray(0, 200_000)],
  ])('is most of it: %s', (_what, text) => {
    const file = written(text)
    expect(misreadOf(readHistory(file))).toMatchObject({isMajority: true})
    expect(misreadOf(readLive(file))).toMatchObject({isMajority: true})
  })

  test('is the second of two records on one line', () => {
    const lines = jsonl.trimEnd().split('\n')
    const pairs = lines.flatMap((line, i) => (i % 2 === 0 ? `${line}${lines[i + 1] ?? ''}` : []))
    for (const read of [readLive, readHistory])
      expect(misreadOf(read(written(`${pairs.join('\n')}\n`)))).toMatchObject({isMajority: true, first: 1})
  })

  test.each([
    [
      "docker's own file",
      `${console
        .trimEnd()
        .split('\n')
        .map(log => JSON.stringify({log: `${log}\n`, stream: 'stderr', time: '2026-11-21T10:00:00.1Z'}))
        .join('\n')}\n`,
    ],
    [
      'journalctl -o json',
      `${console
        .trimEnd()
        .split('\n')
        .map(MESSAGE => JSON.stringify({__CURSOR: 's=1', PRIORITY: '6', MESSAGE}))
        .join('\n')}\n`,
    ],
    [
      'journalctl -o json, other fields first',
      `${jsonl
        .trimEnd()
        .split('\n')
        .map(MESSAGE => JSON.stringify({_TRANSPORT: 'stdout', MESSAGE}))
        .join('\n')}\n`,
    ],
    [
      'plain openclaw logs',
      `${records.map(record => [record['time'], String((record['_meta'] as {logLevelName: string}).logLevelName).toLowerCase(), /"subsystem":"([^"]*)"/.exec(String(record['0']))?.[1], record['message'] ?? textOf(record)].filter(Boolean).join(' ')).join('\n')}\n`,
    ],
  ])('is nothing, and all is read: %s', (_what, text) => {
    const file = written(text, 'gateway.log')
    const plain = [...backlog(written(console), captureDay)].flat().filter(({event}) => event && 'facts' in event)
    const output = [...backlog(file, captureDay)].flat().filter(({event}) => event && 'facts' in event)
    expect(output.length).toBe(plain.length)
    expect(misreadOf(readHistory(file))).toBeNull()
    expect(readLive(file).connections).toBe(plain.length)
  })

  it('is a line of no account that breaks off, and names a connection', () => {
    const torn = '{"0":"{\\"module\\":\\"cron\\"}","1":"closed before connect conn=a code=1008 reason='
    const file = written(`${torn}\n${console}`)
    expect(readHistory(file)).toEqual(readLive(file))
    expect(readHistory(file)).toMatchObject({odd: 1, firstOdd: 1})
  })

  it('names how many, of how many, and where the first stands', () => {
    const {jsonl} = ofRelease('2026.9.6')
    const lines = jsonl.trimEnd().split('\n')
    const at = lines.findIndex(line => line.includes('closed before connect'))
    const file = written(lines.with(at, (lines[at] ?? '').replaceAll('closed before connect', 'shut early')).join('\n'))
    expect(misreadOf(readHistory(file))).toEqual({count: 1, of: lines.length, first: at + 1, isMajority: false})
  })

  it('does not count what a command printed into the log, nor a quiet log', () => {
    const cli =
      '{"0":"closed before connect2 conn=a code=1008 reason=x","_meta":{"name":"openclaw","date":"2026-11-21T10:00:00.000Z","logLevelName":"INFO"},"time":"2026-11-21T10:00:00.000Z"}'
    const quiet = '2026-11-21T10:00:00.000Z [gateway] ready'
    expect(misreadOf(readHistory(written(`${cli}\n${quiet}\n`)))).toBeNull()
  })
})
