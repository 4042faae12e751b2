import type {Attempt} from '../../domain/attempts/attempt.ts'
import type {GatewayEvent} from '../../domain/attempts/event.ts'
import {failureAt} from '../../domain/logins/provider-login.ts'
import type {TimelineEvent, TimelineEventKind} from '../../domain/timeline/timeline.ts'
import {triage} from '../logins/triage.ts'
import type {ShownLine} from '../rows/log-lines.ts'
import type {State} from '../state.ts'
import {ago} from '../words.ts'
import {attemptFacts, rowFor} from './attempt.ts'
import type {Explanation} from './words.ts'

const attemptOf = ({world}: State, {event}: ShownLine): Attempt | undefined => {
  const conn = event !== null && 'facts' in event ? event.conn : null
  return conn === null ? undefined : world.recent.findLast(attempt => attempt.id === conn)
}

/** The whole line, and what it means where it tells of a connection. */
export const whyLine = (state: State, line: ShownLine): Explanation => {
  const attempt = attemptOf(state, line)
  const facts: Explanation['facts'] = [
    ['file', `${line.from.file}:${line.from.line}`],
    ['from', line.subsystem || 'a command'],
    ...(attempt ? attemptFacts(attempt) : []),
  ]
  if (!attempt?.reason) return {why: line.text, seen: '', tryThis: triage(state, line.event) ?? '', facts}
  return {why: rowFor(attempt).means, seen: line.text, tryThis: rowFor(attempt).tryThis, facts}
}

const timelineAdvice: Partial<Record<TimelineEventKind, string>> = {
  rotation: 'Panel 1 shows who is turned away since; those clients need the new token.',
  storm: 'Enter shows its lines; panel 1 says what helps.',
  trouble: 'Enter shows the lines around it.',
  sleep: 'While it slept nobody could reach the gateway; clients that were cut off come back by themselves.',
  clock: 'A client whose clock differs is refused for a stale signature: see that both keep the time.',
  disk: 'The gateway drops log lines, and may fail to save: make room.',
  provider: "This is the model provider's answer, not the gateway's: a new gateway token would not help.",
}

const eventAt = ({world}: State, {from}: TimelineEvent): GatewayEvent | null => failureAt(world, from)?.event ?? null

export const whyTimelineEvent = (state: State, timelineEvent: TimelineEvent): Explanation => ({
  why: timelineEvent.text,
  seen: ago(timelineEvent.at, state.now),
  tryThis: [triage(state, eventAt(state, timelineEvent)), timelineAdvice[timelineEvent.kind]].filter(Boolean).join(' '),
  facts: timelineEvent.from.file === '' ? [] : [['file', `${timelineEvent.from.file}:${timelineEvent.from.line}`]],
})
