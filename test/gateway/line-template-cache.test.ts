import {expect, test} from 'vitest'
import {createTally} from '../../src/domain/log-source.ts'
import {chunkOf, createTemplateCache, findTemplate, type TemplateCache} from '../../src/gateway/lines/fast/cache.ts'
import {readHistoryLine} from '../../src/gateway/lines/fast/history-reader.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {captured, captures, rawLines} from '../stories/captures.ts'
import {dice, ofOthers, spoilt} from '../stories/other-lines.ts'

const from = {file: 'log', line: 7}
const now = Date.parse('2026-11-21T12:00:00Z')

const eventsOf = (raw: string) => {
  const {at, event} = readLogLine(raw, from, Number.NaN, now)
  return event && {at, from, event: {...event, isShared: null}}
}

const readFast = (cache: TemplateCache, raw: string) => {
  const bytes = Buffer.from(raw)
  const events = readHistoryLine({cache: cache, ...from, now, tally: createTally('log')}, chunkOf(bytes), 0, bytes.length)
  return events && {at: events.at, from: events.from, event: {...events.event, isShared: null}}
}

test.each(captures)('$name: lines like earlier ones are read as if each were the first', ({jsonl}) => {
  const roll = dice(1)
  const cache = createTemplateCache()
  for (let pass = 0; pass < 6; pass += 1) {
    for (const line of rawLines(jsonl)) {
      const raw = pass < 3 ? ofOthers(line, roll) : spoilt(ofOthers(line, roll), roll)
      expect(readFast(cache, raw)).toEqual(eventsOf(raw))
    }
  }
})

test('a line like two earlier ones is not read again', () => {
  const roll = dice(2)
  const cache = createTemplateCache()
  const lines = captures.flatMap(({jsonl}) => rawLines(jsonl)).filter(raw => raw.includes('closed before connect conn='))
  for (let pass = 0; pass < 2; pass += 1) for (const line of lines) readFast(cache, ofOthers(line, roll))
  const again = lines.filter(line => {
    const bytes = Buffer.from(line)
    return typeof findTemplate(cache, chunkOf(bytes), 0, bytes.length) === 'object'
  })
  expect(again.length).toBeGreaterThan(lines.length * 0.9)
})

test('nor is one of a gateway that writes colours, and it is read right', () => {
  const roll = dice(2)
  const cache = createTemplateCache()
  const lines = rawLines(captured('2026.9.6', 'coloured.jsonl')).filter(raw => /\\u001b\[\d+mconn\\u001b/.test(raw))
  expect(lines.length).toBeGreaterThan(10)
  for (let pass = 0; pass < 3; pass += 1) {
    for (const line of lines) {
      const raw = ofOthers(line, roll)
      expect(readFast(cache, raw)).toEqual(eventsOf(raw))
    }
  }
  const again = lines.filter(line => {
    const bytes = Buffer.from(ofOthers(line, roll))
    return typeof findTemplate(cache, chunkOf(bytes), 0, bytes.length) === 'object'
  })
  expect(again.length).toBeGreaterThan(lines.length * 0.9)
})

test('a stranger whose words look like values is read for himself', () => {
  const [line = ''] = captures
    .flatMap(({jsonl}) => rawLines(jsonl))
    .filter(raw => raw.includes('closed before connect') && raw.includes(' ua=n/a'))
  const cache = createTemplateCache()
  for (const word of ['conn=1', 'conn=2', 'peer=1', 'peer=2', 'peer=3', 'remotePort=1', 'remotePort=2', 'remotePort=3']) {
    const raw = line.replaceAll('ua=n/a', `ua=x ${word}`)
    expect(readFast(cache, raw)).toEqual(eventsOf(raw))
  }
})

test('a login that failed is told of whoever writes it', () => {
  const [line = ''] = captures
    .flatMap(({jsonl}) => rawLines(jsonl))
    .filter(raw => raw.includes('"event":"auth_profile_failure_state_updated"'))
  const raw = line.replace(/"subsystem\\":\\"[^\\]*/, String.raw`"subsystem\":\"logins/keeper`)
  expect(raw).toContain('logins/keeper')
  expect(readFast(createTemplateCache(), raw)).toEqual(eventsOf(raw))
  expect(eventsOf(raw)?.event.kind).toBe('provider-trouble')
})
