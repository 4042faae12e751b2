import type {Client} from '../attempts/client.ts'
import {namedFrom} from '../attempts/client-name.ts'
import type {ChannelEvent, GatewayEvent, LineRef, LogEvent} from '../attempts/event.ts'
import type {Storm} from '../attempts/storm.ts'
import {clean} from '../clean.ts'
import {minuteMs} from '../durations.ts'
import {type GatewayLife, isOtherGateway, isUnannounced} from '../gateway-lifecycle.ts'
import {channelReasonOf, providerReasonOf} from '../reasons/reason.ts'

export type TimelineEventKind =
  | 'start'
  | 'stop'
  | 'restart'
  | 'config'
  | 'rotation'
  | 'pairing'
  | 'storm'
  | 'provider'
  | 'channel'
  | 'trouble'
  | 'sleep'
  | 'clock'
  | 'disk'
  | 'plan'

/** Something that happened to the gateway, on the one axis of time. */
export type TimelineEvent = {
  at: number
  kind: TimelineEventKind
  text: string
  from: LineRef
  key?: string
  /** The event that it stands for, where a line told of one. */
  of?: GatewayEvent['kind']
  /** A start that no stop and no restart led up to: nobody ordered it. */
  isUnordered?: boolean
  /** Of another gateway that writes into the same log. */
  isOther?: boolean
  /** When the config or a copy was written, and whether somebody says that it was them. */
  wrote?: {by: 'openclaw' | 'gatecrab' | 'unrecorded'; at: readonly number[]; who?: string}
}

const signalled = (signal: string | null): string => (signal === null ? '' : ` (${signal})`)

/** `telegram/default` */
export const channelName = ({channel, account}: Pick<ChannelEvent, 'channel' | 'account'>): string =>
  account === null ? channel : `${channel}/${account}`

const isToken = (what: string): boolean => /gateway\.auth\.(?:token|password|mode)/.test(what)

/** What became of the lines that the log held when it was emptied and that were not read yet. */
export const truncated = ({copies}: Pick<Extract<GatewayEvent, {kind: 'log-truncated'}>, 'copies'>): string =>
  copies.length > 0
    ? `the log was emptied (copytruncate); its last lines were read from ${copies.join(', ')}`
    : 'the log was emptied, and no copy with later lines was found: lines written just before may be lost'

const describe = (event: GatewayEvent, life: GatewayLife): readonly [TimelineEventKind, string] | null => {
  switch (event.kind) {
    case 'gateway-starting':
      return life.state === 'up'
        ? ['trouble', 'started without a recorded stop: killed, crashed, or a second instance']
        : ['start', 'starting']
    case 'gateway-listening':
      if (isOtherGateway(life, event)) return ['start', `another gateway writes into the same log: port ${event.port}`]
      if (life.state === 'up') return ['trouble', 'up again without a recorded stop: killed or crashed']
      return ['start', `up${event.pid === null ? '' : `, pid ${event.pid}`}${event.port === null ? '' : `, port ${event.port}`}`]
    case 'gateway-stopping':
      return event.restart ? ['restart', `restarting${signalled(event.signal)}`] : ['stop', `stopping${signalled(event.signal)}`]
    case 'gateway-stopped':
      return event.clean ? null : ['trouble', 'ended without full cleanup']
    case 'gateway-respawned':
      return ['restart', event.how]
    case 'gateway-start-failed':
      return ['trouble', `another start failed: ${event.because}`]
    case 'config-changed':
      return null
    case 'config-applied':
      return [isToken(event.what) ? 'rotation' : 'config', `config applied: ${event.what}`]
    case 'config-needs-restart':
      return [isToken(event.what) ? 'rotation' : 'config', `config needs a restart: ${event.what}`]
    case 'config-skipped':
      return ['trouble', `new config rejected: ${event.what}`]
    case 'device-paired':
      return [
        'pairing',
        `device ${clean(event.device.slice(0, 8))}… paired${event.auto ? ' by itself' : ''}${event.role ? ` as ${event.role}` : ''}`,
      ]
    case 'proxy-suspected':
      return ['trouble', `proxy headers from an address that is not trusted${event.remote ? `: ${event.remote}` : ''}`]
    case 'upgrade-failed':
      return [
        'trouble',
        `a connection${event.remote ? ` from ${event.remote}` : ''} failed inside the gateway (HTTP 503): ${event.because}`,
      ]
    case 'lines-dropped':
      return ['trouble', `the gateway dropped ${event.count ?? 'some'} log lines`]
    case 'log-truncated':
      return event.copies.length > 0 ? ['disk', truncated(event)] : ['trouble', truncated(event)]
    case 'channel-trouble':
      return ['channel', `${channelName(event)}: ${channelReasonOf(event)} (${event.because.slice(0, 120)})`]
    case 'channel-starting':
      return ['channel', `${channelName(event)}: starting again`]
    case 'secrets-degraded':
      return [
        'trouble',
        `secret not resolved${event.owner ? ` for ${event.owner}${event.state ? `, ${event.state}` : ''}` : ''}: ${event.because}`,
      ]
    case 'secrets-recovered':
      return ['config', 'all secrets are resolved again']
    case 'secrets-surface':
      return ['config', `the secret of ${event.path} is ${event.isActive ? 'in use' : 'not in use'}: ${event.because}`]
    case 'provider-trouble':
      return [
        'provider',
        [event.provider, providerReasonOf(event), event.status === null ? null : `HTTP ${event.status}`]
          .filter(Boolean)
          .join(' '),
      ]
    default:
      return null
  }
}

export const timelineEventOf = (event: GatewayEvent, line: LogEvent, life: GatewayLife): TimelineEvent | null => {
  const found = describe(event, life)
  if (found === null) return null
  const isOther = event.kind === 'gateway-listening' && isOtherGateway(life, event)
  const isUnordered = event.kind === 'gateway-listening' && !isOther && isUnannounced(life)
  return {
    at: line.at,
    kind: found[0],
    text: found[1],
    from: line.from,
    of: event.kind,
    ...(isUnordered ? {isUnordered} : {}),
    ...(isOther ? {isOther} : {}),
  }
}

/** Anybody who reaches the port can make as many of these as they like. */
export const isByUntrusted = ({kind, of}: TimelineEvent): boolean => kind === 'storm' || of === 'proxy-suspected'

/** The most frequent reason of the storm, not that of a single different attempt. */
const mainReason = (client: Client, at: number): string => {
  const recent = Array.from(client.tallies.values()).filter(tally => at - tally.lastAt < minuteMs)
  const [dominant] = recent.sort((a, b) => b.count - a.count)
  return dominant?.detail ?? dominant?.reason ?? client.lastReason ?? 'refused'
}

export const stormTimelineEvent = (client: Client, storm: Storm, at: number, from: LineRef): TimelineEvent => ({
  at,
  kind: 'storm',
  text: `${namedFrom(client)}: ${mainReason(client, at)} every ${(storm.periodMs / 1000).toFixed(1)} s`,
  from,
  key: client.key,
})

/** Something that happened to the machine, which explains what its clients saw. */
export type HostEvent =
  | {kind: 'slept'; at: number; until: number; because: string | null}
  | {kind: 'stalled'; at: number; until: number; because: string | null}
  | {kind: 'clock-set'; at: number; byMs: number}

/** Three clocks at one moment: on the wall, steady, and since the machine was started, its sleep included. */
export type Clocks = {wall: number; steady: number; booted: number}

const minGapMs = 5000
const minJumpMs = 2000

/**
 * What lies between two readings that should be `everyMs` apart. The steady clock stands still while Linux sleeps, and runs on while
 * macOS does: there a sleep looks like any other stall, and only the log of the power management tells.
 */
export const hostEventsBetween = (before: Clocks, now: Clocks, everyMs: number): HostEvent[] => {
  const steady = now.steady - before.steady
  const booted = now.booted - before.booted
  const passed = Math.max(steady, booted)
  const gap = passed - everyMs
  const jump = now.wall - before.wall - passed
  const kind = booted - steady > minGapMs ? ('slept' as const) : ('stalled' as const)
  const until = now.wall
  return [
    ...(gap > minGapMs ? [{kind, at: until - passed, until, because: null}] : []),
    ...(Math.abs(jump) > minJumpMs ? [{kind: 'clock-set' as const, at: now.wall, byMs: Math.round(jump)}] : []),
  ]
}

/** A stall that the power management calls a sleep is one. */
export const explainStall = (
  event: HostEvent,
  sleeps: readonly {at: number; until: number | null; because: string}[],
): HostEvent => {
  if (event.kind === 'clock-set') return event
  const found = sleeps.find(({at, until}) => at <= event.until && (until ?? Number.POSITIVE_INFINITY) >= event.at)
  return found ? {...event, kind: 'slept', because: found.because} : event
}

type DiskState = 'ok' | 'low' | 'full'

export type Disk = {path: string; state: DiskState; freeBytes: number; totalBytes: number}

const lowBytes = 500e6
const fullBytes = 1e6

/** A log needs megabytes, whatever part of the disk that is. */
export const diskState = (freeBytes: number): DiskState => (freeBytes < fullBytes ? 'full' : freeBytes < lowBytes ? 'low' : 'ok')
