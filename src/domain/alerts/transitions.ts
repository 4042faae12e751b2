import {holdAfter} from '../diagnosis/debounce.ts'
import type {Problem} from '../diagnosis/problem.ts'
import {hourMs, minuteMs} from '../durations.ts'
import {type EventId, events, ofGateway, type Urgency} from './events.ts'

/** Something that is so at this moment. */
export type Fact = {
  key: string
  event: EventId
  text: string
  problem: Problem | null
  /** False: too slight to be reported, but not over either. */
  isNews: boolean
  /** How long it must last to be reported. */
  holdMs?: number
  /** Events and keys of which this is a part: it is not reported right after one of them. */
  partOf?: readonly string[]
}

/** Something that happened, and has no end. */
export type Happening = {event: EventId; text: string; at: number}

/** What is reported: once for each that begins, ends or happens. */
export type Transition = {
  event: EventId
  change: 'began' | 'ended' | 'happened'
  urgency: Urgency
  text: string
  at: number
  problem: Problem | null
}

type Tracked = {fact: Fact; since: number; seenAt: number; is: 'waiting' | 'reported' | 'suppressed' | 'over'}

export type AlertState = {
  /** When all sources had said how things stand at the start. */
  readyAt: number | null
  /** A gateway that was never seen up is not reported as gone. */
  wasUp: boolean
  tracked: ReadonlyMap<string, Tracked>
  /** When each event and key was reported. */
  reports: ReadonlyMap<string, readonly number[]>
  happenedAt: ReadonlyMap<EventId, number>
  /** When a plan of this screen was last seen to run. */
  ownDoingAt: number
}

export const initialAlertState: AlertState = {
  readyAt: null,
  wasUp: false,
  tracked: new Map(),
  reports: new Map(),
  happenedAt: new Map(),
  ownDoingAt: Number.NEGATIVE_INFINITY,
}

export type AlertInputs = {
  facts: readonly Fact[]
  happenings: readonly Happening[]
  now: number
  openedAt: number
  /** All sources have said how things stand. */
  isReady: boolean
  isUp: boolean
  /** A plan runs on this very screen: what it does is no news. */
  isOwnDoing: boolean
}

const settleMs = 2000
/** So far apart are two assessments at rest. */
const tickMs = 1000
/** So long must a thing be well before its end is reported, and before it can be reported anew; longer, the oftener it was reported lately. */
const wellMs = 15_000
const maxWellMs = 15 * minuteMs
/** The same thing, learned from several sources. */
const sameMs = 30_000
const partOfMs = minuteMs
const budgetMs = 10 * minuteMs
const maxTracked = 500

type Work = {
  inputs: AlertInputs
  tracked: Map<string, Tracked>
  reports: Map<string, readonly number[]>
  happenedAt: Map<EventId, number>
  ownDoingAt: number
  out: Transition[]
}

const countSince = ({reports}: Work, name: string, since: number): number =>
  reports.get(name)?.filter(at => at > since).length ?? 0

const recordReports = (work: Work, names: readonly string[]): void => {
  const {now} = work.inputs
  for (const name of new Set(names))
    work.reports.set(name, [...(work.reports.get(name) ?? []).filter(at => now - at < hourMs), now])
}

const lastWord = ' More of these are not told for ten minutes.'

/** False where so many were reported that this one is not. */
const tell = (work: Work, transition: Omit<Transition, 'urgency'>, key: string): boolean => {
  const {event, change} = transition
  const {urgency, maxInTenMinutes = Number.POSITIVE_INFINITY} = events[event]
  const count = countSince(work, event, work.inputs.now - budgetMs)
  if (change !== 'ended') recordReports(work, [event, key])
  if (change !== 'ended' && count >= maxInTenMinutes) return false
  const text = count === maxInTenMinutes - 1 ? `${transition.text}.${lastWord}` : transition.text
  work.out.push({...transition, text, urgency: change === 'ended' ? 'low' : urgency})
  return true
}

const isPart = (work: Work, {partOf = []}: Fact): boolean =>
  partOf.some(name => countSince(work, name, work.inputs.now - partOfMs) > 0)

/** It is so now: reported, if it is news, when it has lasted. */
const observe = (work: Work, fact: Fact, isQuiet: boolean): void => {
  const {now, isOwnDoing} = work.inputs
  const before = work.tracked.get(fact.key)
  const isNew = before === undefined || before.is === 'over'
  const since = isNew ? now : before.since
  // The end speaks of what was reported of the beginning.
  const reported = isNew || (before.is === 'waiting' && fact.isNews) ? fact : before.fact
  const entry: Tracked = {fact: reported, since, seenAt: now, is: isNew ? 'waiting' : before.is}
  work.tracked.set(fact.key, entry)
  if (entry.is !== 'waiting' || !fact.isNews) return
  const {event, key, text, problem, holdMs = 0} = fact
  if (isQuiet) {
    entry.is = 'suppressed'
  } else if (isPart(work, fact)) {
    entry.is = 'reported'
    recordReports(work, [key])
  } else if (!isOwnDoing && now - since >= holdMs) {
    entry.is = tell(work, {event, change: 'began', text, at: since, problem}, key) ? 'reported' : 'suppressed'
  }
}

const isOfGateway = ({event}: Pick<Fact, 'event'>): boolean => ofGateway.includes(event)

/** One that froze and then died comes back once. */
const isReturnReported = ({out}: Work): boolean => out.some(one => one.change === 'ended' && isOfGateway(one))

/** It is so no longer: over, once it was well for a while. */
const settle = (work: Work, key: string, isGatewayBad: boolean): void => {
  const entry = work.tracked.get(key)
  const {now, isUp} = work.inputs
  if (entry === undefined || entry.seenAt === now || entry.is === 'over') return
  if (entry.is === 'waiting') return void work.tracked.delete(key)
  // A gateway that starts is not back yet.
  if (isOfGateway(entry.fact) && !isUp) return void work.tracked.set(key, {...entry, seenAt: now})
  const {event, text, problem} = entry.fact
  if (now - entry.seenAt < holdAfter(countSince(work, key, now - hourMs), wellMs, maxWellMs)) return
  const {ended} = events[event]
  // What a gateway that is gone no longer does is not mended.
  if (entry.is === 'reported' && ended && !isGatewayBad && !(isOfGateway(entry.fact) && isReturnReported(work)))
    tell(work, {event, change: 'ended', text: ended(text), at: entry.seenAt, problem}, key)
  work.tracked.set(key, {...entry, is: 'over'})
}

const happen = (work: Work, {event, text, at}: Happening): void => {
  const {now, openedAt} = work.inputs
  const {happenedAt, ownDoingAt} = work
  if (at < openedAt || now - at < (events[event].holdMs ?? 0)) return
  if (at - (happenedAt.get(event) ?? Number.NEGATIVE_INFINITY) < sameMs) return
  happenedAt.set(event, at)
  const isPartOfToken = event === 'config-rewritten' && Math.abs(at - (happenedAt.get('token-changed') ?? 0)) < partOfMs
  // A file is looked at now and then: what a plan wrote is learned of when it has ended.
  if (at > ownDoingAt + tickMs && !isPartOfToken) tell(work, {event, change: 'happened', text, at, problem: null}, event)
}

/** Those that are over are forgotten first; how often they were reported stands elsewhere. */
const bounded = (tracked: Map<string, Tracked>, now: number): Map<string, Tracked> => {
  for (const [key, {is, seenAt}] of tracked)
    if (is === 'over' && (tracked.size > maxTracked || now - seenAt > hourMs)) tracked.delete(key)
  return tracked
}

const boundedReports = (reports: Map<string, readonly number[]>, now: number): Map<string, readonly number[]> => {
  if (reports.size > maxTracked) for (const [name, times] of reports) if (now - (times.at(-1) ?? 0) > hourMs) reports.delete(name)
  return reports
}

/** From then on what changes is reported. */
export const isWatching = ({readyAt}: AlertState, now: number): boolean => readyAt !== null && now - readyAt >= settleMs

/** What changed since the assessment before. How things stand at the start is not reported. */
export const advance = (before: AlertState, inputs: AlertInputs): {next: AlertState; transitions: readonly Transition[]} => {
  const {facts, happenings, now, isReady, isUp, isOwnDoing} = inputs
  const readyAt = before.readyAt ?? (isReady ? now : null)
  const isStart = !isWatching({...before, readyAt}, now)
  const wasUp = before.wasUp || (isUp && !isStart)
  const work: Work = {
    inputs,
    tracked: new Map(before.tracked),
    reports: new Map(before.reports),
    happenedAt: new Map(before.happenedAt),
    ownDoingAt: isOwnDoing ? now : before.ownDoingAt,
    out: [],
  }
  for (const happening of happenings) happen(work, happening)
  for (const fact of facts) observe(work, fact, isStart || (isOfGateway(fact) && !wasUp))
  const isGatewayBad = facts.some(fact => isOfGateway(fact) && fact.isNews)
  for (const key of before.tracked.keys()) settle(work, key, isGatewayBad)
  return {
    next: {
      readyAt,
      wasUp,
      tracked: bounded(work.tracked, now),
      reports: boundedReports(work.reports, now),
      happenedAt: work.happenedAt,
      ownDoingAt: work.ownDoingAt,
    },
    transitions: work.out,
  }
}

/** What another part of the program found to have changed, and knows to be news. */
export const withReports = (before: AlertState, names: readonly string[], now: number): AlertState => ({
  ...before,
  reports: new Map([...before.reports, ...names.map(name => [name, [...(before.reports.get(name) ?? []), now]] as const)]),
})

export const transitionOf = ({event, text, at}: Happening): Transition => ({
  ...{event, text, at, problem: null},
  change: 'happened',
  urgency: events[event].urgency,
})
