import {minuteMs} from '../durations.ts'
import type {GatewayLife} from '../gateway-lifecycle.ts'
import {type Listener, listenerInWords, type Reach} from './listener.ts'
import {isAnswering, type LiveNow} from './live-state.ts'
import type {Observed} from './observed.ts'
import type {SocketTable} from './socket.ts'

type GatewayStatus =
  | 'up'
  | 'foreign'
  | 'busy'
  | 'frozen'
  | 'starting'
  | 'restarting'
  | 'stopping'
  | 'stopped'
  | 'killed'
  | 'unreachable'
  | 'unknown'

/** The gateway's status now, from the best source: itself, the system, or its log. */
export type GatewayNow = {
  is: GatewayStatus
  since: number | null
  because: string | null
  by: 'gateway' | 'system' | 'log'
  pid: number | null
  version: string | null
  /** Who takes connections and says nothing, where the system shows it. */
  silent: {listener: Listener; isProven: boolean} | null
}

type StatusReading = Pick<GatewayNow, 'is' | 'since' | 'because' | 'by'>

const isReadable = (table: SocketTable | null): table is SocketTable => table !== null && table.problem === null
const hasListener = (table: SocketTable | null): boolean | null => (isReadable(table) ? table.listeners.length > 0 : null)

const timeoutMs = 30_000
/** Every gateway is busy while it starts. */
const startsWithinMs = minuteMs

const ends = {stopped: 'stopped', cut: 'killed', closed: 'stopped', restarting: 'restarting'} as const

/** One that was killed was away before it started again: since when it starts, its log says or nobody. */
const startedAfter = ({state, since}: GatewayLife, end: number): number | null =>
  state === 'starting' && since !== null && since >= end ? since : null

/** We were connected and no longer are; a new token ends only our connection. */
const statusAfterEnd = (
  {lastEnd, because}: Observed,
  life: GatewayLife,
  isListening: boolean | null,
  now: number,
): StatusReading | null => {
  if (lastEnd === null || lastEnd.how === 'token-changed') return null
  const since = lastEnd.at
  const by = 'gateway' as const
  if (isListening && lastEnd.how === 'restarting') return {is: 'restarting', since, because, by}
  if (isListening) return {is: 'starting', since: startedAfter(life, since), because, by}
  const is = ends[lastEnd.how]
  const isLate = is === 'restarting' && now - since > timeoutMs
  return {is: isLate ? 'stopped' : is, since, because, by}
}

/** An in-process restart shows in the log only: the process stays. */
const bootTimeOf = ({bootedAt}: Observed, {state, readyAt}: GatewayLife): number | null =>
  state === 'up' && readyAt !== null && readyAt > (bootedAt ?? readyAt) ? readyAt : bootedAt

const fromObserver = (observed: Observed, life: GatewayLife, isListening: boolean | null, now: number): StatusReading | null => {
  const {state, since, because, upSince, health, lastEnd} = observed
  const bootedAt = bootTimeOf(observed, life)
  if (state === 'frozen') return {is: 'frozen', since, because, by: 'gateway'}
  if (upSince !== null) {
    const isBusy = health?.eventLoop?.degraded === true && health.at - (bootedAt ?? 0) > startsWithinMs
    return {is: isBusy ? 'busy' : 'up', since: bootedAt, because: isBusy ? 'its event loop is too busy' : null, by: 'gateway'}
  }
  if (state === 'gone' || state === 'not-yet') {
    const found = statusAfterEnd(observed, life, isListening, now)
    if (found) return found
    if (state === 'not-yet' && lastEnd === null && isListening !== false)
      return {is: 'unreachable', since, because, by: 'gateway'}
  }
  return null
}

const fromLog = ({state, since, readyAt, restarting}: GatewayLife): StatusReading => {
  if (state === 'up') return {is: 'up', since: readyAt, because: null, by: 'log'}
  if (state === 'down') return {is: 'stopped', since, because: null, by: 'log'}
  if (restarting && (state === 'starting' || state === 'stopping')) return {is: 'restarting', since, because: null, by: 'log'}
  return {is: state, since, because: null, by: 'log'}
}

/** Without a word of the gateway itself: who listens, and what its log said last. */
const fromSystem = (logStatus: StatusReading, because: string, now: number): StatusReading | null => {
  const isLate = now - (logStatus.since ?? now) > timeoutMs
  if (logStatus.is === 'stopping' || (isLate && (logStatus.is === 'restarting' || logStatus.is === 'starting')))
    return {is: 'stopped', since: logStatus.since, because, by: 'system'}
  if (logStatus.is === 'up') return {is: 'killed', since: null, because: `${because}, and its log tells of no stop`, by: 'system'}
  return logStatus.is === 'unknown' ? {is: 'stopped', since: null, because, by: 'system'} : null
}

/** Another program has its port: whatever its log said last, nothing of that program is the gateway's. */
const ofListener = ({listener, table}: LiveNow): StatusReading | null =>
  listener?.is === 'foreign' && hasListener(table) !== false
    ? {is: 'foreign', since: listener.listener?.since ?? null, because: listener.because, by: 'system'}
    : null

/** The list may be old, or not show everybody: an answer, or a connection refused, says more. */
const listensNow = (live: LiveNow): boolean | null => {
  const listed = hasListener(live.table)
  if (listed === false && isAnswering(live)) return true
  return listed === true && live.listener?.is === 'none' ? false : listed
}

const decideStatus = (life: GatewayLife, live: LiveNow | null, now: number): StatusReading => {
  const logStatus = fromLog(life)
  if (live === null) return logStatus
  const foreign = ofListener(live)
  if (foreign) return foreign
  const isListening = listensNow(live)
  const observed = live.observed && fromObserver(live.observed, life, isListening, now)
  if (observed) return observed.is === 'starting' && logStatus.is === 'restarting' ? logStatus : observed
  if (isListening === false && live.table)
    return fromSystem(logStatus, `nothing listens on port ${live.table.port}`, now) ?? logStatus
  const isProven = live.listener === null || live.listener.is === 'gateway'
  if (isListening && isProven && (logStatus.is === 'unknown' || logStatus.is === 'stopped' || logStatus.is === 'killed'))
    return {is: 'up', since: null, because: null, by: 'system'}
  return logStatus
}

const isInTransition = ({is}: StatusReading): boolean => is === 'starting' || is === 'restarting' || is === 'stopping'

/** What the port answered counts where neither the gateway nor the system said more. */
const ofReach = (logStatus: StatusReading, {state, because}: Reach, now: number): StatusReading => {
  const by = 'system' as const
  switch (state) {
    case 'up':
      return logStatus.is === 'unknown' || logStatus.is === 'stopped' ? {is: 'up', since: null, because: null, by} : logStatus
    case 'foreign':
      return {is: 'foreign', since: null, because, by}
    case 'silent':
      return {is: 'frozen', since: null, because, by}
    case 'not-yet':
      return isInTransition(logStatus) ? logStatus : {is: 'starting', since: null, because, by}
    case 'down':
      return logStatus.is === 'stopped'
        ? logStatus
        : (fromSystem(logStatus, because ?? 'nothing listens on its port', now) ?? logStatus)
    case 'unknown':
      return logStatus
  }
}

const single = (pids: readonly (number | null)[]): number | null => {
  const all = new Set(pids)
  const [pid = null] = all
  return all.size === 1 ? pid : null
}

/** A gateway that is gone has no process any more, whatever its log said when it began. */
const pidOf = (life: GatewayLife, live: LiveNow | null): number | null => {
  const table = live?.table ?? null
  if (live?.listener?.is === 'foreign' || live?.listener?.is === 'unproven') return null
  return isReadable(table) ? single(table.listeners.map(({pid}) => pid)) : life.pid
}

/** A gateway that froze, or another program that never answers: until it was proven nothing tells them apart but its name. */
const silentIn = ({is}: StatusReading, live: LiveNow | null): GatewayNow['silent'] => {
  const verdict = live?.listener ?? null
  if (verdict?.listener == null || (is !== 'frozen' && is !== 'unreachable')) return null
  return {listener: verdict.listener, isProven: verdict.is === 'gateway'}
}

const withHolder = (because: string | null, silent: GatewayNow['silent']): string | null =>
  silent === null
    ? because
    : [because, `its port is held by ${listenerInWords(silent.listener)}`].filter(part => part !== null && part !== '').join('; ')

/** The one place that decides how the gateway fares, and since when. */
export const gatewayNow = (life: GatewayLife, live: LiveNow | null, now: number, reach: Reach | null = null): GatewayNow => {
  const logStatus = decideStatus(life, live, now)
  const found = logStatus.by === 'log' && reach !== null ? ofReach(logStatus, reach, now) : logStatus
  const silent = silentIn(found, live)
  return {
    ...found,
    because: withHolder(found.because, silent),
    silent,
    pid: pidOf(life, live),
    version: live?.observed?.hello?.version ?? life.release,
  }
}

/** The system lists a listener that nobody has found to be another program: the gateway lives, however silent its log. */
export const isSeenListening = (live: LiveNow | null): boolean =>
  live !== null && (isAnswering(live) || (hasListener(live.table) === true && live.listener?.is !== 'foreign'))
