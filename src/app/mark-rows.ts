import type {Mark, MarkKind} from '../domain/mark.ts'
import {type Filter, passes} from './filter.ts'
import type {Column, Role, Row} from './rows.ts'
import {clock, day} from './words.ts'

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
}

const keyOf = (mark: Mark): string => `${mark.at} ${mark.from.file}:${mark.from.line} ${mark.kind}`

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

/** Newest first. */
export const markRows = (marks: readonly Mark[], filter: Filter): {rows: Row[]; marks: Mark[]} => {
  const all = marks
    .toReversed()
    .map(mark => ({mark, row: rowOf(mark)}))
    .filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), marks: all.map(({mark}) => mark)}
}
