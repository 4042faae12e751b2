import {minuteMs} from '../../domain/durations.ts'
import type {Mark, MarkKind} from '../../domain/mark.ts'
import {unrecordedEdits} from '../../domain/mark-beside.ts'
import type {State} from '../state.ts'
import {clock, day, plural} from '../words.ts'
import {type Filter, passes, type Searchable} from './filter.ts'
import type {Column, Role, Row} from './rows.ts'

export const markColumns: readonly Column[] = [
  {title: 'DAY', width: 6},
  {title: 'TIME', width: 9},
  {title: 'WHAT', width: 10},
  {title: '', width: 40, grow: true},
]

const roles: Record<MarkKind, Role> = {
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

const keyOf = ({at, from, kind, text}: Mark): string => `${at} ${from.file === '' ? text : `${from.file}:${from.line}`} ${kind}`

const searchOf = ({kind, text, at}: Mark): Searchable => ({
  all: `${kind} ${text}`,
  named: {kind, what: kind, day: day(at)},
})

const rowOf = (mark: Mark): Row => ({
  key: keyOf(mark),
  dim: false,
  search: searchOf(mark),
  cells: [
    {text: day(mark.at).slice(5), role: 'dim'},
    {text: clock(mark.at), role: 'dim'},
    {text: mark.kind, role: roles[mark.kind]},
    {text: mark.text},
  ],
})

const fewestFolded = 4

/** Of storms with nothing between them. A row a client would bury what else happened. */
const foldedStorms = (storms: readonly Mark[]): readonly Mark[] => {
  const [first] = storms
  if (first === undefined || storms.length < fewestFolded) return storms
  const clients = new Set(storms.map(({key, text}) => key ?? text)).size
  const last = storms.at(-1)?.at ?? first.at
  const until = last - first.at < minuteMs ? '' : ` until ${clock(last)}`
  return [{...first, text: `${plural(clients, 'client')} began to retry fast${until}; the first: ${first.text}`}]
}

/** Oldest first; a run of storms is one. */
const withStormsFolded = (marks: readonly Mark[]): Mark[] => {
  const folded: Mark[] = []
  let storms: Mark[] = []
  for (const mark of marks) {
    if (mark.kind === 'storm') {
      storms.push(mark)
      continue
    }
    folded.push(...foldedStorms(storms), mark)
    storms = []
  }
  return [...folded, ...foldedStorms(storms)]
}

/** Newest first, of the log and of what lies beside it. */
export const markRows = (marks: readonly Mark[], filter: Filter): {rows: Row[]; marks: Mark[]} => {
  const found = marks.filter(mark => passes(filter, searchOf(mark))).toSorted((a, b) => a.at - b.at)
  const shown = withStormsFolded(found).toReversed()
  return {rows: shown.map(rowOf), marks: shown}
}

export const marksOf = ({world, beside}: Pick<State, 'world' | 'beside'>): Mark[] => [
  ...world.marks,
  ...beside.changes,
  ...unrecordedEdits(world.marks, beside.changes),
  ...beside.host,
  ...beside.fate,
]
