import type {ChannelEvent, LineRef, LogEvent} from '../attempts/event.ts'
import {minuteMs} from '../durations.ts'
import {evictOldest} from '../evict-oldest.ts'
import type {GatewayLife} from '../gateway-lifecycle.ts'
import {countChannel, type Ledger} from '../ledger.ts'
import {channelReasonOf, isLasting, type ReasonId, reasonById} from '../reasons/reason.ts'

/** What is wrong with one account of a channel, as the log tells it. */
export type ChannelTrouble = {
  channel: string
  account: string | null
  reason: ReasonId
  /** The words of the line that told most. */
  because: string
  since: number
  lastAt: number
  count: number
  /** When it began again, where no trouble was told of since. */
  startedAt: number | null
  evidence: LineRef[]
}

type Channels = Map<string, ChannelTrouble>

/** What of the world they are about. */
type ChannelWorld = {channels: Channels; ledger: Ledger; life: GatewayLife}

const maxChannels = 64
const maxEvidence = 20

const keyOf = ({channel, account}: Pick<ChannelEvent, 'channel' | 'account'>): string => `${channel} ${account ?? ''}`

/** A channel that has begun again counts as well when it holds for so long: one that fails at once begins again every few seconds. */
const holdsAfterMs = minuteMs

const hasRecovered = ({startedAt}: ChannelTrouble, now: number): boolean => startedAt !== null && now - startedAt >= holdsAfterMs

/** That it gave up, or was started again, says less than why it failed. */
const saysLess = (next: ReasonId, before: ReasonId): boolean =>
  (next === 'channel-gave-up' && reasonById(before).authFailure === true) || (next === 'channel-restarted' && isLasting(before))

/** Whether the line is news: the monitor repeats itself every few minutes. */
const recordTrouble = (world: ChannelWorld, event: Extract<ChannelEvent, {kind: 'channel-trouble'}>, line: LogEvent): boolean => {
  const key = keyOf(event)
  const found = channelReasonOf(event)
  const before = world.channels.get(key)
  const isOver = before === undefined || hasRecovered(before, line.at)
  if (isOver) {
    const trouble = {reason: found, because: event.because, since: line.at, lastAt: line.at, count: 1, startedAt: null}
    world.channels.delete(key)
    world.channels.set(key, {channel: event.channel, account: event.account, ...trouble, evidence: [line.from]})
    evictOldest(world.channels, maxChannels)
    countChannel(world.ledger, event.channel, found)
    return true
  }
  const isLess = saysLess(found, before.reason)
  const isNews = !isLess && found !== before.reason
  if (!isLess) Object.assign(before, {reason: found, because: event.because})
  before.lastAt = line.at
  before.count += 1
  before.startedAt = null
  before.evidence = [...before.evidence.slice(1 - maxEvidence), line.from]
  if (!isLess) countChannel(world.ledger, event.channel, found)
  return isNews
}

const recordStart = (world: ChannelWorld, event: ChannelEvent, at: number): boolean => {
  const before = world.channels.get(keyOf(event))
  if (before === undefined || before.startedAt !== null) return false
  before.startedAt = at
  return isLasting(before.reason)
}

/** Whether it belongs on the timeline. A gateway that stops ends its channels, which is no trouble of theirs. */
export const applyChannel = (world: ChannelWorld, event: ChannelEvent, line: LogEvent): boolean => {
  const {state} = world.life
  if (state === 'stopping' || state === 'down') return false
  return event.kind === 'channel-starting' ? recordStart(world, event, line.at) : recordTrouble(world, event, line)
}

/** Its config was changed, so that what was wrong with it may no longer be: what still is, its next lines tell. */
export const forgetChangedChannels = ({channels}: {channels: Channels}, changed: string): void => {
  for (const [key, {channel}] of channels)
    if (changed.split(/[\s,]+/).some(path => path === 'channels' || `${path}.`.startsWith(`channels.${channel}.`)))
      channels.delete(key)
}

/** Up to this age a channel that failed and was not given up counts as failing: it begins again within five minutes. */
const failsForMs = 15 * minuteMs

export const failingChannels = ({channels}: {channels: Channels}, now: number): ChannelTrouble[] =>
  Array.from(channels.values()).filter(
    trouble => !hasRecovered(trouble, now) && (isLasting(trouble.reason) || now - trouble.lastAt < failsForMs),
  )
