import type {EventId} from '../domain/alerts/events.ts'
import {advance, type Happening, type Transition} from '../domain/alerts/transitions.ts'
import {minuteMs} from '../domain/durations.ts'
import {factsOf} from './alert-facts.ts'
import type {Effect} from './effect.ts'
import type {State} from './state.ts'

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
