import {describe, expect, test} from 'vitest'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {captures, eventsFrom, rawLines, readFileEvents, readLines} from '../stories/captures.ts'
import {admission, apply, at, conn, departure, event, type Recorded, refusal, short, visit} from './event-builders.ts'

const outcomes = ({attempts}: Recorded) => attempts.map(({outcome}) => outcome)

describe('the lines of one connection add up', () => {
  test('a refusal of two lines is one attempt', () => {
    const events = apply([
      event(
        0,
        'refused',
        {conn: conn(1), endpoint: 'a->b'},
        {cause: 'unauthorized', authReason: 'token_missing', client: {id: 'cli'}},
      ),
      event(
        0.5,
        'closed-early',
        {conn: conn(1), endpoint: 'a->b'},
        {code: 1008, text: 'unauthorized: gateway token missing', durationMs: 400},
      ),
    ])
    expect(events.attempts).toHaveLength(1)
    expect(events.attempts[0]).toMatchObject({
      id: conn(1),
      at: at(0),
      endedAt: at(0.5),
      outcome: 'refused',
      closeCode: 1008,
      reason: 'token-missing',
      endpoint: 'a->b',
      client: {id: 'cli', mode: null},
    })
    expect(events.world.refused).toBe(1)
  })

  test('what a later line does not say is not forgotten', () => {
    const {attempts} = apply([
      event(0, 'opened', {conn: short(conn(1)), endpoint: 'a->b'}, {remote: '192.0.2.7'}),
      event(0, 'mentioned', {conn: short(conn(1))}, {client: {id: 'cli', mode: 'cli', platform: 'linux'}}),
      event(1, 'closed-early', {conn: conn(1)}, {client: {version: '2'}, code: 1008, cause: 'device-required'}),
    ])
    expect(attempts[0]).toMatchObject({remote: '192.0.2.7', client: {id: 'cli', mode: 'cli', platform: 'linux', version: '2'}})
  })

  test('a line that is said twice changes nothing', () => {
    const line = refusal(1, 0, {
      cause: 'origin-mismatch',
      text: 'origin not allowed (open it here)',
      detail: 'origin not allowed',
    })
    expect(apply([line, line]).attempts.map(({evidence, ...events}) => events)).toEqual(
      apply([line]).attempts.map(({evidence, ...events}) => events),
    )
  })

  test('an id that the gateway masked is joined by its endpoint, and by itself where that is unknown', () => {
    const masked = `${conn(1).slice(0, 21)}***`
    const lines = [
      event(0, 'opened', {conn: short(conn(1)), endpoint: 'a->b'}),
      event(1, 'closed-early', {conn: masked, endpoint: 'a->b'}, {code: 1008, cause: 'device-required'}),
    ]
    expect(apply(lines).attempts.map(({id, outcome}) => [id, outcome])).toEqual([[short(conn(1)), 'refused']])
    expect(apply([...lines, ...lines]).attempts).toHaveLength(1)
    expect(apply(lines.slice(1)).attempts.map(({id}) => id)).toEqual([masked])
  })

  test('an attempt began as long before its end as it says', () => {
    const [attempt] = apply([refusal(1, 15, {durationMs: 15_000})]).attempts
    expect([attempt?.at, attempt?.endedAt]).toEqual([at(0), at(15)])
  })

  test('a visit is settled when it is let in, and over when it leaves', () => {
    const open = apply([admission(1, 0)])
    expect(open.attempts[0]).toMatchObject({outcome: 'connected', endedAt: null, reason: null})
    const over = apply([admission(1, 0), departure(1, 60, 1006)])
    expect(over.attempts[0]).toMatchObject({
      outcome: 'connected',
      endedAt: at(60),
      closeCode: 1006,
      reason: 'connection-lost',
      layer: 'network',
    })
  })

  test('a visit of which only the end is in the log is one all the same', () => {
    expect(apply([departure(1, 5, 1012)]).attempts[0]).toMatchObject({
      outcome: 'connected',
      closeCode: 1012,
      reason: 'service-restart',
    })
  })

  test.each([
    [1000, '', 'closed-normally'],
    [1001, '', 'closed-normally'],
    [1005, '', 'closed-normally'],
    [1006, '', 'connection-lost'],
    [1012, 'service restart', 'service-restart'],
    [4001, 'gateway auth changed', 'token-changed'],
    [1008, 'slow consumer', 'slow-consumer'],
    [4999, 'own words', 'closed-4999'],
  ])('a visit that ends with %i %s has the reason %s', (code, text, reason) => {
    const [attempt] = apply([admission(1, 0), event(1, 'disconnected', {conn: conn(1)}, {code, text})]).attempts
    expect(attempt?.reason).toBe(reason)
  })

  test('a socket that says nothing and goes has left; one that the gateway closes with a cause was refused', () => {
    const events = apply([visit(1, 0), visit(2, 1, {code: 1000, cause: 'handshake-timeout', handshake: 'failed'})])
    expect(events.attempts.map(({outcome, reason}) => [outcome, reason])).toEqual([
      ['left', 'left-before-connect'],
      ['refused', 'handshake-timeout'],
    ])
  })
})

describe('lines that come in another order', () => {
  test('the close before the word why is one refusal', () => {
    const events = apply([
      refusal(1, 0),
      event(0.1, 'refused', {conn: conn(1)}, {cause: 'unauthorized', authReason: 'token_mismatch'}),
    ])
    expect(outcomes(events)).toEqual(['refused'])
    expect(events.world.refused).toBe(1)
  })

  test('the end before the beginning is one visit, and it is over', () => {
    const events = apply([departure(1, 5), admission(1, 4)])
    expect(events.attempts).toHaveLength(1)
    expect(events.attempts[0]?.endedAt).toBe(at(5))
    expect(Array.from(events.world.clients.byKey.values(), ({open}) => open.size)).toEqual([0])
  })

  test('two gateways that write into one file do not mix their connections', () => {
    const gateway = (port: number, first: number) =>
      [0, 1, 2].map(i =>
        event(
          i,
          'closed-early',
          {conn: conn(first + i), endpoint: `192.0.2.7:50${i}->192.0.2.1:${port}`},
          {code: 1008, cause: 'device-required'},
        ),
      )
    const [a, b] = [gateway(18789, 1), gateway(19001, 100)]
    const events = apply(a.flatMap((line, i) => [line, b[i] ?? line]))
    expect(events.attempts.map(({id}) => id)).toEqual([1, 100, 2, 101, 3, 102].map(conn))
    expect(Array.from(events.world.ports)).toEqual([18789, 19001])
    expect(events.world.refused).toBe(6)
  })
})

describe('a line met twice', () => {
  test('does not count twice', () => {
    const lines = [refusal(1, 0), admission(2, 1), departure(2, 2), visit(3, 3)]
    const events = apply([...lines, ...lines])
    expect(events.attempts).toHaveLength(3)
    expect(events.world.refused).toBe(2)
    expect(Array.from(events.world.clients.byKey.values(), ({attempts}) => attempts)).toEqual([1, 1, 1])
  })

  test('hidden ones that are told twice are hidden once', () => {
    const line = refusal(1, 0, {suppressed: 7})
    expect(apply([line, line]).world.hidden).toBe(7)
  })

  test.each(captures.filter(({story}) => story !== 'provider-auth'))(
    'the log and the console of $name tell of the same connections',
    capture => {
      const alone = readFileEvents(capture.jsonl)
      const both = [...readLines(rawLines(capture.jsonl), 'log'), ...readLines(rawLines(capture.console), 'console')]
      const events = eventsFrom(both.sort((a, b) => a.at - b.at))
      expect(events.attempts.map(({id}) => id).toSorted()).toEqual(alone.attempts.map(({id}) => id).toSorted())
      expect([events.world.refused, events.world.hidden]).toEqual([alone.world.refused, alone.world.hidden])
    },
  )

  test('a log and its console make each mark once', () => {
    const [capture] = captures.filter(({name}) => name === '2026.9.6 restart')
    const alone = readFileEvents(capture?.jsonl ?? '')
    const both = [...readLines(rawLines(capture?.jsonl ?? ''), 'log'), ...readLines(rawLines(capture?.console ?? ''), 'console')]
    const events = eventsFrom(both.sort((a, b) => a.at - b.at))
    expect(events.world.timeline.map(({text}) => text)).toEqual(alone.world.timeline.map(({text}) => text))
  })
})

describe('short ids', () => {
  const one = short(conn(1))

  test('join the connection that has them', () => {
    const {attempts} = apply([admission(1, 0), event(1, 'mentioned', {conn: one}), departure(1, 2)])
    expect(attempts).toHaveLength(1)
    expect(attempts[0]?.evidence).toHaveLength(3)
  })

  test('of a connection that nobody knows make none', () => {
    expect(
      apply([event(0, 'mentioned', {conn: one}), event(1, 'mentioned', {conn: short(conn(2))}, {detail: 'bad-json'})]).attempts,
    ).toEqual([])
  })

  test('become the whole id when a line tells it', () => {
    const {attempts} = apply([event(0, 'opened', {conn: one, endpoint: 'a->b'}), refusal(1, 1)])
    expect(attempts.map(({id}) => id)).toEqual([conn(1)])
  })

  test('of --verbose are left out where the line before has the same', () => {
    const {attempts} = apply([
      event(0, 'opened', {conn: one, endpoint: 'a->b'}),
      event(0, 'mentioned', {}, {client: {id: 'cli'}}),
      event(0, 'admitted', {}),
      event(1, 'closed', {endpoint: 'a->b'}, {code: 1000, handshake: 'connected'}),
    ])
    expect(attempts).toHaveLength(1)
    expect(attempts[0]).toMatchObject({outcome: 'connected', client: {id: 'cli'}, closeCode: 1000, endedAt: at(1)})
  })

  test('whose connection is over are told of no other', () => {
    const events = apply([
      refusal(1, 0),
      event(1, 'opened', {conn: short(conn(2)), endpoint: 'c->d'}),
      event(2, 'mentioned', {conn: one}, {detail: 'x'}),
    ])
    expect(events.attempts[1]).toMatchObject({id: short(conn(2)), detail: null, outcome: 'pending'})
  })

  test('a closer word that came before the first line with the whole id is kept', () => {
    const {attempts} = apply([event(0, 'mentioned', {conn: one}, {detail: 'bad-json'}), visit(1, 0, {code: 1000})])
    expect(attempts[0]).toMatchObject({detail: 'bad-json', expected: null})
  })
})

describe('endpoints', () => {
  test('that are used again are another connection', () => {
    const {attempts} = apply([
      event(0, 'opened', {conn: short(conn(1)), endpoint: 'a->b'}),
      event(1, 'closed', {endpoint: 'a->b'}, {code: 1006, handshake: 'pending'}),
      event(2, 'opened', {conn: short(conn(2)), endpoint: 'a->b'}),
      event(3, 'closed', {endpoint: 'a->b'}, {code: 1000, handshake: 'pending'}),
    ])
    expect(attempts.map(({closeCode}) => closeCode)).toEqual([1006, 1000])
  })

  test('that are used again before the end of the first was told are another connection too', () => {
    const {attempts} = apply([
      event(0, 'opened', {conn: short(conn(1)), endpoint: 'a->b'}),
      event(2, 'opened', {conn: short(conn(2)), endpoint: 'a->b'}),
      event(3, 'closed', {endpoint: 'a->b'}, {code: 1000, handshake: 'pending'}),
    ])
    expect(attempts.map(({closeCode}) => closeCode)).toEqual([null, 1000])
  })

  test('of a connection that is over do not end another', () => {
    const events = apply([
      event(0, 'opened', {conn: short(conn(1)), endpoint: 'a->b'}),
      event(1, 'closed-early', {conn: conn(1), endpoint: 'a->b'}, {code: 1008, cause: 'device-required'}),
      event(1, 'opened', {conn: short(conn(2)), endpoint: 'c->b'}),
      event(1, 'closed', {endpoint: 'a->b'}, {code: 1008, cause: 'device-required', handshake: 'failed'}),
    ])
    expect(outcomes(events)).toEqual(['refused', 'pending'])
  })

  test('of a connection that nobody saw begin do not end another', () => {
    const events = apply([
      event(0, 'opened', {conn: short(conn(2)), endpoint: 'c->b'}),
      event(1, 'closed', {endpoint: 'a->b'}, {code: 1008, cause: 'device-required', handshake: 'failed'}),
    ])
    expect(outcomes(events)).toEqual(['pending'])
  })
})

describe('what the gateway withholds', () => {
  const missing = {authReason: 'token_missing', text: 'unauthorized: gateway token missing'}

  test('is counted with the next of its kind', () => {
    const {world, attempts} = apply([refusal(1, 0, missing), refusal(2, 31, {...missing, suppressed: 4})])
    expect(attempts.map(({alsoHidden}) => alsoHidden)).toEqual([0, 4])
    expect([world.refused, world.hidden]).toEqual([2, 4])
  })

  test('is not hidden where --verbose told of it one by one', () => {
    const seen = [2, 3, 4].map(n => [
      event(n, 'opened', {conn: short(conn(n)), endpoint: `192.0.2.7:${n}->b`}, {remote: '192.0.2.7'}),
      event(
        n,
        'closed',
        {endpoint: `192.0.2.7:${n}->b`},
        {code: 1008, cause: 'unauthorized', text: missing.text, handshake: 'failed'},
      ),
    ])
    const {world, attempts} = apply([refusal(1, 0, missing), ...seen.flat(), refusal(5, 31, {...missing, suppressed: 3})])
    expect(attempts).toHaveLength(5)
    expect([world.refused, world.hidden]).toEqual([5, 0])
  })

  test('is one less where one line of it was written after all', () => {
    const half = event(
      10,
      'refused',
      {conn: conn(2)},
      {cause: 'unauthorized', authReason: 'token_missing', client: {id: 'cli'}, remote: '192.0.2.7'},
    )
    const {world, attempts} = apply([refusal(1, 0, missing), half, refusal(3, 31, {...missing, suppressed: 5})])
    expect(attempts).toHaveLength(3)
    expect([world.refused, world.hidden]).toEqual([3, 4])
  })

  test('is one less too where that line was waited for in vain', () => {
    const half = event(
      10,
      'refused',
      {conn: conn(2)},
      {cause: 'unauthorized', authReason: 'token_missing', client: {id: 'cli'}, remote: '192.0.2.7'},
    )
    const {world} = apply([refusal(1, 0, missing), half])
    expirePending(world, at(20))
    applyLine(world, refusal(3, 31, {...missing, suppressed: 5}))
    expect([world.refused, world.hidden, world.recent.length]).toEqual([3, 4, 3])
  })

  test('is a refusal without a code when nothing more comes', () => {
    const half = event(0, 'refused', {conn: conn(1)}, {cause: 'unauthorized', authReason: 'token_missing', client: {id: 'cli'}})
    const {world, attempts} = apply([half])
    expirePending(world, at(60))
    expirePending(world, at(120))
    expect(attempts[0]).toMatchObject({outcome: 'refused', closeCode: null, reason: 'token-missing'})
    expect([world.refused, world.recent.length]).toEqual([1, 1])
  })

  test('is one refusal where its close comes late after all', () => {
    const {world} = apply([
      event(0, 'refused', {conn: conn(1)}, {cause: 'unauthorized', authReason: 'token_mismatch', remote: '192.0.2.7'}),
    ])
    expirePending(world, at(6))
    applyLine(world, refusal(1, 7))
    expect([world.refused, world.recent.length]).toEqual([1, 1])
  })
})
