import type {Mark, MarkKind} from '../../domain/mark.ts'
import {unrecordedEdits} from '../../domain/mark-beside.ts'
import type {State} from '../state.ts'
import {clock, day} from '../words.ts'
import {type Filter, passes} from './filter.ts'
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

const rowOf = (mark: Mark): Row => ({
  key: keyOf(mark),
  dim: false,
  search: {all: `${mark.kind} ${mark.text}`, named: {kind: mark.kind, what: mark.kind, day: day(mark.at)}},
  cells: [
    {text: day(mark.at).slice(5), role: 'dim'},
    {text: clock(mark.at), role: 'dim'},
    {text: mark.kind, role: roles[mark.kind]},
    {text: mark.text},
  ],
})

/** Newest first, of the log and of what lies beside it. */
export const markRows = (marks: readonly Mark[], filter: Filter): {rows: Row[]; marks: Mark[]} => {
  const all = marks
    .toSorted((a, b) => b.at - a.at)
    .map(mark => ({mark, row: rowOf(mark)}))
    .filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), marks: all.map(({mark}) => mark)}
}

export const marksOf = ({world, beside}: Pick<State, 'world' | 'beside'>): Mark[] => [
  ...world.marks,
  ...beside.changes,
  ...unrecordedEdits(world.marks, beside.changes),
  ...beside.host,
  ...beside.fate,
]
