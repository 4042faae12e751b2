import {minuteMs} from '../../domain/durations.ts'
import {unrecordedEdits} from '../../domain/plans/external-edits.ts'
import type {TimelineEvent, TimelineEventKind} from '../../domain/timeline/timeline.ts'
import {type Filter, passes, type Searchable} from '../rows/filter.ts'
import type {Column, Role, Row} from '../rows/rows.ts'
import type {State} from '../state.ts'
import {clock, day, plural} from '../words.ts'

export const timelineColumns: readonly Column[] = [
  {title: 'DAY', width: 6},
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
  trouble: 'bad',
  sleep: 'note',
  clock: 'note',
  disk: 'bad',
  plan: 'strong',
}

const keyOf = ({at, from, kind, text}: TimelineEvent): string =>
  `${at} ${from.file === '' ? text : `${from.file}:${from.line}`} ${kind}`

const searchOf = ({kind, text, at}: TimelineEvent): Searchable => ({
  all: `${kind} ${text}`,
  named: {kind, what: kind, day: day(at)},
})

const rowOf = (timelineEvent: TimelineEvent): Row => ({
  key: keyOf(timelineEvent),
  dim: false,
  search: searchOf(timelineEvent),
  cells: [
    {text: day(timelineEvent.at).slice(5), role: 'dim'},
    {text: clock(timelineEvent.at), role: 'dim'},
    {text: timelineEvent.kind, role: roles[timelineEvent.kind]},
    {text: timelineEvent.text},
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

/** Newest first, of the log and of what lies beside it. */
export const timelineRows = (timeline: readonly TimelineEvent[], filter: Filter): {rows: Row[]; timeline: TimelineEvent[]} => {
  const found = timeline.filter(timelineEvent => passes(filter, searchOf(timelineEvent))).toSorted((a, b) => a.at - b.at)
  const shown = withStormsFolded(found).toReversed()
  return {rows: shown.map(rowOf), timeline: shown}
}

export const timelineOf = ({world, externalEvents}: Pick<State, 'world' | 'externalEvents'>): TimelineEvent[] => [
  ...world.timeline,
  ...externalEvents.changes,
  ...unrecordedEdits(world.timeline, externalEvents.changes),
  ...externalEvents.host,
  ...externalEvents.gatewayStatus,
]
