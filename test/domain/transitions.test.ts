import {describe, expect, test} from 'vitest'
import {type EventId, events} from '../../src/domain/alerts/events.ts'
import {
  type AlertInputs,
  type AlertState,
  advance,
  type Fact,
  initialAlertState,
  type Transition,
} from '../../src/domain/alerts/transitions.ts'

const fact = (event: EventId, more: Partial<Fact> = {}): Fact => ({
  ...{key: event, event, text: `${event}!`, problem: null, isNews: true},
  ...more,
})

type Moment = Partial<AlertInputs> & {facts?: readonly Fact[]}

/** What is told, second by second, of a gateway that is ready and up unless a moment says otherwise. */
const reportedIn = (
  momentAt: (second: number) => Moment,
  seconds: number,
): (Pick<Transition, 'event' | 'change'> & {at: number})[] => {
  let state: AlertState = initialAlertState
  const reported: (Pick<Transition, 'event' | 'change'> & {at: number})[] = []
  for (let second = 0; second <= seconds; second += 1) {
    const now = 1_000_000 + second * 1000
    const inputs = {facts: [], happenings: [], now, openedAt: 1_000_000, isReady: true, isUp: true, isOwnDoing: false}
    const {next, transitions} = advance(state, {...inputs, ...momentAt(second)})
    state = next
    reported.push(...transitions.map(({event, change}) => ({event, change, at: second})))
  }
  return reported
}

const between = (second: number, from: number, to: number): boolean => second >= from && second < to
const when = (is: boolean, ...facts: Fact[]): Moment => ({facts: is ? facts : []})
const gone = fact('gateway-gone')
const noGateway = (is: boolean, ...facts: Fact[]): Moment => ({...when(is, ...facts), isUp: !is})

describe('what is told without being looked at', () => {
  test('nothing of how things stand at the start, nor of its end', () => {
    expect(reportedIn(second => when(second < 60, fact('clients-refused')), 200)).toEqual([])
  })

  test('nothing before every source has said how things stand', () => {
    expect(reportedIn(second => ({...when(second >= 5, fact('clients-refused')), isReady: second > 9}), 60)).toEqual([])
  })

  test('once when it begins and once when it has ended, fifteen seconds after it was seen last', () => {
    expect(reportedIn(second => when(between(second, 10, 40), fact('clients-refused')), 200)).toEqual([
      {event: 'clients-refused', change: 'began', at: 10},
      {event: 'clients-refused', change: 'ended', at: 54},
    ])
  })

  test('the end speaks of what was told of the beginning', () => {
    let state = initialAlertState
    const ended: (string | undefined)[] = []
    for (let second = 0; second < 60; second += 1) {
      const text = second === 10 ? 'the first' : 'the second'
      const facts = between(second, 10, 20) ? [fact('clients-refused', {text})] : []
      const inputs = {facts, happenings: [], now: second * 1000, openedAt: 0, isReady: true, isUp: true, isOwnDoing: false}
      const {next, transitions} = advance(state, inputs)
      state = next
      ended.push(...transitions.map(one => one.text))
    }
    expect(ended).toEqual(['the first', 'Over: the first'])
  })

  test('nothing of the end where nobody waits for it', () => {
    expect(reportedIn(second => when(between(second, 10, 40), fact('storm')), 200).map(({change}) => change)).toEqual(['began'])
  })

  test('one beginning of what comes and goes within the fifteen seconds', () => {
    expect(reportedIn(second => when(second >= 10 && second % 10 < 5, fact('clients-refused')), 300)).toHaveLength(1)
  })

  test('less and less of what comes back again and again', () => {
    const times = reportedIn(second => when(second >= 10 && second % 40 < 20, fact('clients-refused')), 3600)
    expect(times.filter(({change}) => change === 'began')).toHaveLength(3)
  })

  test('a stop that is over within ten seconds is not told: it was a restart', () => {
    const stopped = {...gone, holdMs: 10_000}
    expect(reportedIn(second => noGateway(between(second, 10, 19), stopped), 60)).toEqual([])
    expect(reportedIn(second => noGateway(between(second, 10, 30), stopped), 60)).toEqual([
      {event: 'gateway-gone', change: 'began', at: 20},
      {event: 'gateway-gone', change: 'ended', at: 44},
    ])
  })

  test('a gateway that starts is not back before it is up', () => {
    const reported = reportedIn(second => ({...when(between(second, 10, 12), gone), isUp: !between(second, 10, 40)}), 100)
    expect(reported).toEqual([
      {event: 'gateway-gone', change: 'began', at: 10},
      {event: 'gateway-gone', change: 'ended', at: 54},
    ])
  })

  test('a gateway that was never seen up is not told as gone, and is once it was', () => {
    expect(reportedIn(second => noGateway(second < 50, gone), 200)).toEqual([])
    const second = reportedIn(at => noGateway(at < 50 || between(at, 80, 90), gone), 200)
    expect(second.map(({change, at}) => [change, at])).toEqual([
      ['began', 80],
      ['ended', 104],
    ])
  })

  test('one that froze and then died comes back once', () => {
    const moment = (second: number): Moment => {
      if (between(second, 10, 20)) return noGateway(true, fact('gateway-frozen'))
      return noGateway(between(second, 20, 30), gone)
    }
    expect(reportedIn(moment, 120).map(({event, change}) => `${event} ${change}`)).toEqual([
      'gateway-frozen began',
      'gateway-gone began',
      'gateway-frozen ended',
    ])
  })

  test('refusals that cease since the gateway is gone are not told as mended', () => {
    const moment = (second: number): Moment => ({
      facts: [...(between(second, 10, 20) ? [fact('clients-refused')] : []), ...(second >= 15 ? [gone] : [])],
      isUp: second < 15,
    })
    expect(reportedIn(moment, 120).map(({event, change}) => `${event} ${change}`)).toEqual([
      'clients-refused began',
      'gateway-gone began',
    ])
  })

  test('what is slight is not told, and keeps what was told from ending', () => {
    const slight = fact('clients-refused', {isNews: false})
    const moment = (second: number): Moment => ({facts: [between(second, 10, 20) ? fact('clients-refused') : slight]})
    expect(reportedIn(moment, 120).map(({change}) => change)).toEqual(['began'])
  })

  test('a part of what was told just now is not told beside it; later it is', () => {
    const storm = fact('storm', {partOf: ['clients-refused']})
    expect(reportedIn(second => when(second >= 10, fact('clients-refused'), storm), 60).map(({event}) => event)).toEqual([
      'clients-refused',
    ])
    const later = reportedIn(
      second => ({facts: second < 10 ? [] : second < 90 ? [fact('clients-refused')] : [fact('clients-refused'), storm]}),
      120,
    )
    expect(later.map(({event}) => event)).toEqual(['clients-refused', 'storm'])
  })

  test('of what strangers cause at will so many in ten minutes, and the last says so', () => {
    const max = events.storm.maxInTenMinutes ?? 0
    let state = initialAlertState
    const texts: string[] = []
    for (let second = 0; second < 100; second += 1) {
      const facts = Array.from({length: second < 10 ? 0 : second}, (_, n) =>
        fact('storm', {key: `storm ${n}`, text: `storm ${n}`}),
      )
      const inputs = {facts, happenings: [], now: second * 1000, openedAt: 0, isReady: true, isUp: true, isOwnDoing: false}
      const {next, transitions} = advance(state, inputs)
      state = next
      texts.push(...transitions.map(({text}) => text))
    }
    expect(texts).toHaveLength(max)
    expect(texts.at(-1)).toMatch(/^storm \d+\. More of these are not told for ten minutes\.$/)
  })

  test('what happened once, whoever else tells it; nothing that was before the start', () => {
    const at = 1_000_000 + 10_000
    const happenings = [
      {event: 'token-changed' as const, text: 'one', at: 999_999},
      {event: 'token-changed' as const, text: 'two', at},
      {event: 'token-changed' as const, text: 'the same by another source', at: at + 14_000},
    ]
    expect(reportedIn(second => ({happenings: second < 10 ? [] : happenings}), 60)).toEqual([
      {event: 'token-changed', change: 'happened', at: 10},
    ])
  })

  test('a config that was written with another token is told as the token', () => {
    const at = 1_000_000 + 10_000
    const write = {event: 'config-rewritten' as const, text: 'config edited', at}
    const token = {event: 'token-changed' as const, text: 'token', at: at + 2000}
    const events = (...happenings: (typeof write | typeof token)[]) =>
      reportedIn(second => ({happenings: second < 12 ? [] : happenings}), 60).map(({event, at}) => `${event} ${at}`)
    expect(events(write, token)).toEqual(['token-changed 12'])
    expect(events(write)).toEqual(['config-rewritten 20'])
  })

  test('nothing of a write by a plan of this very screen that is learned of when the plan has ended', () => {
    const write = {event: 'config-rewritten' as const, text: 'config edited', at: 1_000_000 + 10_000}
    const reported = (until: number) =>
      reportedIn(second => ({happenings: second < 14 ? [] : [write], isOwnDoing: between(second, 8, until)}), 60)
    expect(reported(12)).toEqual([])
    expect(reported(9)).toEqual([{event: 'config-rewritten', change: 'happened', at: 20}])
  })

  test('nothing of what a plan of this very screen does, unless it lasts', () => {
    const token = {event: 'token-changed' as const, text: 'token', at: 1_000_000 + 10_000}
    const moment = (second: number): Moment => ({
      happenings: second < 10 ? [] : [token],
      ...noGateway(between(second, 12, 20), gone),
      isOwnDoing: between(second, 8, 30),
    })
    expect(reportedIn(moment, 120)).toEqual([])
    expect(reportedIn(second => ({...moment(second), ...noGateway(second >= 12, gone)}), 120)).toEqual([
      {event: 'gateway-gone', change: 'began', at: 30},
    ])
  })
})
