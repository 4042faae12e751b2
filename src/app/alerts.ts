import {type EventId, eventOf, events, ofGateway} from '../domain/alerts/events.ts'
import {advance, type Fact, type Happening, type Transition} from '../domain/alerts/transitions.ts'
import type {Attempt} from '../domain/attempts/attempt.ts'
import {namedFrom, nameOf} from '../domain/attempts/client-name.ts'
import {lockedOut} from '../domain/attempts/lockout.ts'
import {stormOf} from '../domain/attempts/storm.ts'
import type {Problem} from '../domain/diagnosis/problem.ts'
import {onlyLeft, refusedClients} from '../domain/diagnosis/refused-clients.ts'
import {minuteMs} from '../domain/durations.ts'
import type {Effect} from './effect.ts'
import type {State} from './state.ts'
import {clock} from './words.ts'

type Next = [State, ...Effect[]]

const noticeMs = 30_000

/** What the screen can show of it at once. */
const hints: Partial<Record<EventId, string>> = {'token-changed': 'b shows who is back'}

const noticeOf = ({event, text}: Transition): string => [text, hints[event]].filter(Boolean).join('; ')

/** Told on the screen, and to whoever does not look at it. */
export const raise = (state: State, transitions: readonly Transition[]): Next =>
  transitions.length === 0
    ? [state]
    : [
        {...state, notice: {text: transitions.map(noticeOf).join('; '), until: state.now + noticeMs}},
        ...transitions.map(transition => ({type: 'alert', transition}) as const),
      ]

const texts: Partial<Record<string, string>> = {
  killed: 'The gateway exited without a shutdown message (killed or crashed)',
  stopped: 'The gateway has stopped',
  unreachable: 'The gateway does not answer',
  frozen: 'The gateway is frozen: it takes connections and says nothing',
  foreign: "Another program has the gateway's port",
}

/** A problem may be named as the consequence of another: the state of the gateway decides. */
const gatewayFacts = ({assessment: {gateway, problems}}: State): Fact[] =>
  ofGateway.flatMap(event => {
    const row = events[event]
    const among = (ids: readonly string[] = []) => problems.find(({id, harm}) => harm === 'broken' && ids.includes(id)) ?? null
    const own = among(row.problems)
    const isSo = row.states?.includes(gateway.is) || (gateway.is === 'unknown' && own !== null)
    if (!isSo) return []
    const text = own?.title ?? texts[gateway.is] ?? row.about
    return [
      {
        key: event,
        event,
        text,
        problem: own ?? among(row.causes),
        isNews: true,
        holdMs: gateway.is === 'killed' ? 0 : (row.holdMs ?? 0),
      },
    ]
  })

const keyOf = ({id, about = ''}: Pick<Problem, 'id' | 'about'>): string => `${id} ${about}`

/** Told by name, of each login, address and device; the problem that holds them all is told where no name is known. */
const named: Partial<Record<EventId, string>> = {
  'login-gone': 'login',
  'locked-out': 'locked-out',
  'pairing-request': 'pairing-request',
}

const problemFacts = ({assessment: {problems}}: State): Fact[] =>
  problems.flatMap(problem => {
    const event = eventOf(problem)
    if (ofGateway.includes(event)) return []
    const {isToldSoon = false, holdMs = 0} = events[event]
    const whole = named[event]
    return {
      // OpenClaw's word on the config and ours are about one file.
      key: event === 'config-broken' ? event : keyOf(problem),
      ...{event, problem, holdMs, text: problem.title},
      isNews: problem.harm === 'broken' || (isToldSoon && problem.harm === 'soon'),
      partOf: whole === undefined ? [] : [whole],
    }
  })

const lockOutFacts = ({world, now}: State): Fact[] =>
  lockedOut(world.guesses, now).map(({key, address, until}) => ({
    key: `locked-out ${key}`,
    event: 'locked-out',
    text: `The gateway locked ${address} out until about ${clock(until)} (an estimate)`,
    problem: null,
    isNews: true,
  }))

const requestLifeMs = 5 * minuteMs

/** Those of the last minutes; the newest request of a device counts. */
const pairingRequests = ({world: {recent}, now}: State): Attempt[] => {
  const found = new Map<string, Attempt>()
  for (const attempt of recent.toReversed()) {
    if (now - attempt.at > requestLifeMs) break
    const {requestId, deviceId, outcome} = attempt
    if (requestId === null || outcome === 'connected') continue
    const key = deviceId ?? requestId
    if (!found.has(key)) found.set(key, attempt)
  }
  return Array.from(found.values())
}

const pairingFacts = (state: State): Fact[] =>
  pairingRequests(state).map(({deviceId, requestId, remote, client}) => ({
    key: `pairing-request ${deviceId ?? requestId}`,
    event: 'pairing-request',
    text: `${nameOf({identity: client, deviceId}, 'A device')} from ${remote ?? 'unknown'} waits for approval (request ${requestId})`,
    problem: null,
    isNews: true,
  }))

const stormFacts = ({world, live, now}: State): Fact[] =>
  Array.from(
    Map.groupBy(
      refusedClients({world, live, now}, ['storm']).filter(one => !onlyLeft(one)),
      ({client}) => client,
    ),
    ([client, found]) => {
      const {tally} = found.reduce((a, b) => (b.tally.run.count > a.tally.run.count ? b : a))
      const reason = tally.detail ?? tally.reason
      const every = ((stormOf(client, now)?.periodMs ?? 0) / 1000).toFixed(1)
      return {
        key: `storm ${client.key}`,
        event: 'storm' as const,
        text: `${namedFrom(client)} is refused and retries every ${every} s: ${reason}`,
        problem: null,
        isNews: true,
        partOf: [keyOf({id: reason})],
      }
    },
  )

/** What is told by name goes before the problem that it is a part of. */
const factsOf = (state: State): Fact[] => [
  ...gatewayFacts(state),
  ...lockOutFacts(state),
  ...pairingFacts(state),
  ...problemFacts(state),
  ...stormFacts(state),
]

const recentMs = 2 * minuteMs

const newToken = "The gateway's token was changed"

const rotations = ({world: {timeline}, now}: State): Happening[] =>
  timeline
    .slice(timeline.findLastIndex(({at}) => now - at > recentMs) + 1)
    .flatMap(({at, kind, text}) => (kind === 'rotation' ? [{event: 'token-changed', text: `${newToken} (${text})`, at}] : []))

/** The gateway ends each connection that used the token of before. */
const observedRotation = ({live, now}: State): Happening[] => {
  const lastEnd = live?.observed?.lastEnd
  if (lastEnd?.how !== 'token-changed' || now - lastEnd.at > recentMs) return []
  return [{event: 'token-changed', text: newToken, at: lastEnd.at}]
}

/** Another token stands where the one in force is read. */
const storedRotation = (before: State, {copies, now}: State): Happening[] => {
  const was = before.copies?.enforced
  const is = copies?.enforced
  if (!was?.digest || !is?.digest || was.digest === is.digest || was.by !== is.by) return []
  return [{event: 'token-changed', text: `${newToken} in its config`, at: now}]
}

const rewritten = ({externalEvents: {changes}, now}: State): Happening[] =>
  changes.flatMap(({at, kind, text, wrote}) =>
    kind === 'config' && wrote !== undefined && wrote.by !== 'gatecrab' && now - at < recentMs
      ? [{event: 'config-rewritten', text: text.replace(/^./, first => first.toUpperCase()), at}]
      : [],
  )

const maxStartMs = 15_000

/** Every source that can be asked has said how things stand, or had the time to. */
const isReady = ({readingHistory, live, copies, profiles, service, now, openedAt}: State): boolean => {
  if (readingHistory) return false
  if (live === null || now - openedAt > maxStartMs) return true
  const isAsked = live.observed !== null && live.observed.state !== 'connecting' && live.table !== null
  return isAsked && copies !== null && profiles !== null && service !== null
}

const up: readonly string[] = ['up', 'busy']

/** What changed between the two states, told once each. A replay tells of the past and rings no bell. */
export const withAlerts = (before: State, state: State): Next => {
  if (state.kind === 'replay') return [state]
  const {now, openedAt, assessment, plan, backgroundPlan} = state
  const {next, transitions} = advance(state.alerts, {
    ...{now, openedAt, facts: factsOf(state)},
    happenings: [...rotations(state), ...observedRotation(state), ...storedRotation(before, state), ...rewritten(state)],
    isReady: isReady(state),
    isUp: up.includes(assessment.gateway.is),
    isOwnDoing: plan?.phase === 'running' || backgroundPlan !== null,
  })
  return raise({...state, alerts: next}, transitions)
}
