import {type EventId, eventOf, events, ofGateway} from '../domain/alerts/events.ts'
import type {Fact} from '../domain/alerts/transitions.ts'
import {clientStateOf} from '../domain/attempts/client.ts'
import {namedFrom, nameOf} from '../domain/attempts/client-name.ts'
import {lockedOut} from '../domain/attempts/lockout.ts'
import {stormOf} from '../domain/attempts/storm.ts'
import {deviceName, expiryOf, requestLifeMs} from '../domain/devices/device.ts'
import type {Problem} from '../domain/diagnosis/problem.ts'
import {onlyLeft} from '../domain/diagnosis/refused-clients.ts'
import {problemKey} from './problems.ts'
import type {State} from './state.ts'
import {clock} from './words.ts'

const texts: Partial<Record<string, string>> = {
  killed: 'The gateway exited without a shutdown message (killed or crashed)',
  stopped: 'The gateway has stopped',
  unreachable: 'The gateway does not answer',
  frozen: 'The gateway is frozen: it takes connections and says nothing',
  foreign: "Another program has the gateway's port",
}

/** A problem may be named as the consequence of another: the state of the gateway decides. */
const gatewayFacts = ({assessment: {gateway, problems}, muted}: State): Fact[] =>
  ofGateway.flatMap(event => {
    const row = events[event]
    const among = (ids: readonly string[] = []) => problems.find(({id, harm}) => harm === 'broken' && ids.includes(id)) ?? null
    const own = among(row.problems)
    const isSo = row.states?.includes(gateway.is) || (gateway.is === 'unknown' && own !== null)
    if (!isSo) return []
    const text = own?.title ?? texts[gateway.is] ?? row.about
    const problem = own ?? among(row.causes)
    const isMuted = problem !== null && muted.has(problemKey(problem))
    return [{key: event, event, text, problem, isNews: !isMuted, holdMs: gateway.is === 'killed' ? 0 : (row.holdMs ?? 0)}]
  })

/** Told by name, of each login, address and device; the problem that holds them all is told where no name is known. */
const named: Partial<Record<EventId, string>> = {
  'login-gone': 'login',
  'locked-out': 'locked-out',
  'pairing-request': 'pairing-request',
}

const problemFacts = ({assessment: {problems}, muted}: State): Fact[] =>
  problems.flatMap(problem => {
    const event = eventOf(problem)
    if (ofGateway.includes(event)) return []
    const {isToldSoon = false} = events[event]
    const whole = named[event]
    const isBad = problem.harm === 'broken' || (isToldSoon && problem.harm === 'soon')
    return {
      // OpenClaw's word on the config and ours are about one file.
      key: event === 'config-broken' ? event : problemKey(problem),
      ...{event, problem, text: problem.title},
      isNews: isBad && !muted.has(problemKey(problem)),
      partOf: whole === undefined ? [] : [whole],
    }
  })

const problemIn = ({assessment: {problems}}: State, isMeant: (problem: Problem) => boolean): Problem | null =>
  problems.find(isMeant) ?? null

const lockOutFacts = (state: State): Fact[] =>
  lockedOut(state.world.guesses, state.now).map(({key, address, until}) => ({
    key: `locked-out ${key}`,
    event: 'locked-out',
    text: `The gateway locked ${address} out until about ${clock(until)} (an estimate)`,
    problem: problemIn(state, ({id}) => id === 'rate-limited'),
    isNews: true,
  }))

type Asking = {at: number; device: string; name: string; from: string | null; requestId: string}

/** By the gateway's own store, which knows those that no line tells of. */
const storedRequests = ({devices, now}: State): Asking[] =>
  (devices?.store?.pending ?? [])
    .filter(request => expiryOf(request) > now)
    .map(request => ({
      ...{at: request.requestedAt, device: request.deviceId, requestId: request.requestId},
      ...{name: deviceName(request), from: request.address ?? 'this host'},
    }))

/** By the log of the last minutes, the newest first. */
const loggedRequests = ({world: {recent}, now}: State): Asking[] => {
  const found: Asking[] = []
  for (let i = recent.length - 1; i >= 0; i -= 1) {
    const attempt = recent[i]
    if (attempt === undefined || now - attempt.at > requestLifeMs) break
    const {requestId, deviceId, outcome, client, remote} = attempt
    if (requestId === null || outcome === 'connected') continue
    found.push({
      at: attempt.at,
      device: deviceId ?? requestId,
      requestId,
      name: nameOf({identity: client, deviceId}, 'a device'),
      from: remote,
    })
  }
  return found
}

/** However often a device asks, it waits once; one that waited before the start is not news. */
const pairingFacts = (state: State): Fact[] => {
  const problem = problemIn(state, one => eventOf(one) === 'pairing-request')
  const byDevice = Map.groupBy([...storedRequests(state), ...loggedRequests(state)], ({device}) => device)
  return Array.from(byDevice, ([device, requests]) => {
    const [first] = requests
    return {
      ...{key: `pairing-request ${device}`, event: 'pairing-request' as const, problem},
      text: `Waits for approval: ${first?.name} from ${first?.from ?? 'unknown'} (request ${first?.requestId})`,
      isNews: requests.every(({at}) => at >= state.openedAt),
    }
  })
}

const stormFacts = (state: State): Fact[] => {
  const {now, assessment} = state
  const found = assessment.refusals.filter(one => clientStateOf(one.client, now) === 'storm' && !onlyLeft(one))
  return Array.from(
    Map.groupBy(found, ({client}) => client),
    ([client, reasons]) => {
      const {tally} = reasons.reduce((a, b) => (b.tally.run.count > a.tally.run.count ? b : a))
      const reason = tally.detail ?? tally.reason
      const every = ((stormOf(client, now)?.periodMs ?? 0) / 1000).toFixed(1)
      const problem = problemIn(state, ({id}) => id === reason)
      return {
        key: `storm ${client.key}`,
        event: 'storm' as const,
        text: `${namedFrom(client)} is refused and retries every ${every} s: ${reason}`,
        problem,
        isNews: true,
        partOf: problem === null ? [] : [problemKey(problem)],
      }
    },
  )
}

/** What is told by name goes before the problem that it is a part of. */
export const factsOf = (state: State): Fact[] => [
  ...gatewayFacts(state),
  ...lockOutFacts(state),
  ...pairingFacts(state),
  ...problemFacts(state),
  ...stormFacts(state),
]
