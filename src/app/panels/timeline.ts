import type {GatewayEvent} from '../../domain/attempts/event.ts'
import {minuteMs} from '../../domain/durations.ts'
import {failureAt} from '../../domain/logins/profile.ts'
import {unrecordedEdits} from '../../domain/plans/external-edits.ts'
import type {TimelineEvent, TimelineEventKind} from '../../domain/timeline/timeline.ts'
import {triage} from '../logins/triage.ts'
import {type Filter, type Named, passes, type Searchable} from '../rows/filter.ts'
import {type Column, type Found, type Role, type Row, rowsFrom} from '../rows/rows.ts'
import {ago, clock, day, length, plural} from '../words.ts'
import {type Explanation, iso, type Panel, type PanelInput, panelOf, unlessNoLog} from './panel.ts'

const columns: readonly Column[] = [
  {title: 'DAY', width: 6, from: 46},
  {title: 'TIME', width: 9},
  {title: 'WHAT', width: 10},
  {title: '', width: 40, grow: true},
]

const roles: Record<TimelineEventKind, Role> = {
  start: 'good',
  stop: 'warn',
  restart: 'warn',
  config: 'note',
  rotation: 'strong',
  pairing: 'note',
  storm: 'bad',
  provider: 'warn',
  channel: 'warn',
  trouble: 'bad',
  sleep: 'note',
  clock: 'note',
  disk: 'bad',
  plan: 'strong',
}

const keyOf = ({at, from, kind, text}: TimelineEvent): string =>
  `${at} ${from.file === '' ? text : `${from.file}:${from.line}`} ${kind}`

const fields = ['what', 'kind', 'day'] as const

const searchOf = ({kind, text, at}: TimelineEvent): Searchable => {
  const named: Named<typeof fields> = {what: kind, kind, day: day(at)}
  return {all: `${kind} ${text}`, named}
}

const rowOf = (timelineEvent: TimelineEvent, isAhead: boolean): Row => ({
  key: keyOf(timelineEvent),
  dim: isAhead,
  search: searchOf(timelineEvent),
  cells: [
    {text: day(timelineEvent.at).slice(5), role: 'dim'},
    {text: clock(timelineEvent.at), role: 'dim'},
    {text: timelineEvent.kind, role: isAhead ? 'dim' : roles[timelineEvent.kind]},
    {text: timelineEvent.text, role: isAhead ? 'dim' : 'plain'},
  ],
})

const minFolded = 4

/** Of storms with nothing between them. A row a client would bury what else happened. */
const foldedStorms = (storms: readonly TimelineEvent[]): readonly TimelineEvent[] => {
  const [first] = storms
  if (first === undefined || storms.length < minFolded) return storms
  const clients = new Set(storms.map(({key, text}) => key ?? text)).size
  const last = storms.at(-1)?.at ?? first.at
  const until = last - first.at < minuteMs ? '' : ` until ${clock(last)}`
  return [{...first, text: `${plural(clients, 'client')} began to retry fast${until}; the first: ${first.text}`}]
}

/** Oldest first; a run of storms is one. */
const withStormsFolded = (timeline: readonly TimelineEvent[]): TimelineEvent[] => {
  const folded: TimelineEvent[] = []
  let storms: TimelineEvent[] = []
  for (const timelineEvent of timeline) {
    if (timelineEvent.kind === 'storm') {
      storms.push(timelineEvent)
      continue
    }
    folded.push(...foldedStorms(storms), timelineEvent)
    storms = []
  }
  return [...folded, ...foldedStorms(storms)]
}

const newestFirst = (timeline: readonly TimelineEvent[], filter: Filter): TimelineEvent[] =>
  withStormsFolded(
    timeline.filter(timelineEvent => passes(filter, searchOf(timelineEvent))).toSorted((a, b) => a.at - b.at),
  ).toReversed()

/** Newest first, of the log and of what lies beside it; in a replay what lies ahead stands above, dimmed. */
export const timelineRows = (
  timeline: readonly TimelineEvent[],
  filter: Filter,
  ahead: readonly TimelineEvent[] = [],
): Found<TimelineEvent> => {
  const past = newestFirst(timeline, filter)
  const coming = newestFirst(ahead, filter)
  const rows = [...coming.map(one => rowOf(one, true)), ...past.map(one => rowOf(one, false))]
  const items = [...coming, ...past]
  return {rows: rowsFrom(columns, rows, Math.min(coming.length, Math.max(0, items.length - 1))), items}
}

const aheadOf = ({replayTimeline, now}: PanelInput): readonly TimelineEvent[] => replayTimeline.filter(({at}) => at > now)

export const timelineOf = ({world, externalEvents}: Pick<PanelInput, 'world' | 'externalEvents'>): TimelineEvent[] => [
  ...world.timeline,
  ...externalEvents.changes,
  ...unrecordedEdits(world.timeline, externalEvents.changes),
  ...externalEvents.host,
  ...externalEvents.gatewayStatus,
]

const timelineAdvice: Partial<Record<TimelineEventKind, string>> = {
  rotation: 'Panel 1 shows who is refused since; those clients need the new token.',
  storm: 'Enter shows its lines; panel 1 says what helps.',
  trouble: 'Enter shows the lines around it.',
  sleep: 'While it slept nobody could reach the gateway; clients that were cut off come back by themselves.',
  clock: 'A client whose clock differs is refused for a stale signature: see that both keep the time.',
  disk: 'The gateway drops log lines, and may fail to save: make room.',
  channel: "This is the channel's own login or connection: neither a gateway token nor a model login would help.",
  provider: "This is the model provider's answer, not the gateway's: a new gateway token would not help.",
}

const eventAt = ({world}: PanelInput, {from}: TimelineEvent): GatewayEvent | null => failureAt(world, from)?.event ?? null

const whyTimelineEvent = (state: PanelInput, timelineEvent: TimelineEvent): Explanation => ({
  why: timelineEvent.text,
  seen: timelineEvent.at > state.now ? `in ${length(timelineEvent.at - state.now)}` : ago(timelineEvent.at, state.now),
  tryThis: [triage(state, eventAt(state, timelineEvent)), timelineAdvice[timelineEvent.kind]].filter(Boolean).join(' '),
  facts: timelineEvent.from.file === '' ? [] : [['file', `${timelineEvent.from.file}:${timelineEvent.from.line}`]],
})

export const timeline: Panel<TimelineEvent> = panelOf<TimelineEvent>({
  title: 'Timeline',
  about: 'what happened to the gateway',
  fields,
  newestFirst: true,
  rows: input => timelineRows(timelineOf(input), input.filter, aheadOf(input)),
  empty: unlessNoLog('Nothing has happened to the gateway in what was read.'),
  why: whyTimelineEvent,
  evidence: ({from, kind}) =>
    from.file === ''
      ? {is: 'none', because: 'This did not come from the log: it has no lines there'}
      : {is: 'line-among-all', title: kind, lines: [from]},
  at: ({at}) => at,
  times: ({at}) => iso(at),
})
