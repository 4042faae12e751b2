import type {LineRef, LogLine} from '../../domain/attempts/event.ts'
import {type Filter, passes, type Searchable} from './filter.ts'

/** A role that the theme gives a look; never only a colour, there is a word or a sign beside it. */
export type Role = 'plain' | 'dim' | 'good' | 'bad' | 'warn' | 'note' | 'strong' | 'title' | 'match'

/** `silently`: what does not fit is left off without a mark, as the milliseconds of a time. */
export type Cell = {text: string; role?: Role; cut?: 'silently'}

/** `grow` takes what is left over; `from` is the width from which the column is shown, `wide` what it takes where there is room. */
export type Column = {title: string; width: number; wide?: number; grow?: true; right?: true; from?: number}

export type Row = {key: string; cells: readonly Cell[]; search: Searchable; dim: boolean}

/** Rows that are made when they are looked at: a panel may have thousands and shows thirty. */
type Rows = {
  columns: readonly Column[]
  count: number
  keyAt: (index: number) => string
  indexOf: (key: string) => number
  rowAt: (index: number) => Row
  searchAt: (index: number) => Searchable
  /** Newest last, as a log; the others start at their first row. */
  endsWithNewest: boolean
  /** The row of the present, which the cursor stays on while it is on none by name. */
  newest: number
}

type RowParts<Item> = {keyOf: (item: Item) => string; rowOf: (item: Item) => Row; searchOf: (item: Item) => Searchable}

/** The rows of some items, each made when it is looked at. */
export const rowsOf = <Item>(
  columns: readonly Column[],
  items: readonly Item[],
  {keyOf, rowOf, searchOf}: RowParts<Item>,
  newest = 0,
): Rows => ({
  columns,
  count: items.length,
  keyAt: index => (index in items ? keyOf(items[index]!) : ''),
  indexOf: key => items.findIndex(item => keyOf(item) === key),
  rowAt: index => rowOf(items[index]!),
  searchAt: index => searchOf(items[index]!),
  endsWithNewest: false,
  newest,
})

/** Of rows that are made already. */
export const rowsFrom = (columns: readonly Column[], rows: readonly Row[], newest = 0): Rows =>
  rowsOf(columns, rows, {keyOf: ({key}) => key, rowOf: row => row, searchOf: ({search}) => search}, newest)

/** The rows that are shown, and what each of them shows. */
export type Found<Item> = {rows: Rows; items: readonly Item[]}

export const filteredRows = <Item>(
  columns: readonly Column[],
  items: readonly Item[],
  rowOf: (item: Item) => Row,
  filter: Filter,
): Found<Item> => {
  const all = items.map(item => ({item, row: rowOf(item)})).filter(({row}) => passes(filter, row.search))
  return {
    rows: rowsFrom(
      columns,
      all.map(({row}) => row),
    ),
    items: all.map(({item}) => item),
  }
}

/** A line with a number of its own, so that the screen can hold on to it. */
export type ShownLine = LogLine & {id: number}

/** What `:write` writes: lines of the log as they stand in their files, or the rows of a table. */
export type WrittenRows = {is: 'lines'; lines: readonly LogLine[]} | {is: 'table'; texts: readonly string[]}

/** The lines that the Log panel can show, in order of time. */
export type LogLines = {lines: readonly ShownLine[]; nextId: number; nextEarlier: number; dropped: boolean}

export const refKey = ({file, line}: LineRef): string => `${file}:${line}`

export const emptyLogLines: LogLines = {lines: [], nextId: 1, nextEarlier: -1, dropped: false}

const maxLiveLines = 20_000
export const maxLinesWhileScrolled = 60_000

const isSorted = (lines: readonly ShownLine[]): boolean => lines.every((line, i) => i === 0 || (lines[i - 1]?.at ?? 0) <= line.at)

/** Two writers interleave, so what arrives is put where its time belongs, never far from the end. */
const inOrder = (lines: readonly ShownLine[], more: readonly ShownLine[]): ShownLine[] => {
  const first = more.reduce((earliest, line) => Math.min(earliest, line.at), Infinity)
  let start = lines.length
  while (start > 0 && (lines[start - 1]?.at ?? 0) > first) start -= 1
  const tail = [...lines.slice(start), ...more]
  return [...lines.slice(0, start), ...(isSorted(tail) ? tail : tail.sort((a, b) => a.at - b.at))]
}

const trimmed = (lines: ShownLine[], max: number): {lines: ShownLine[]; dropped: boolean} =>
  lines.length > max * 1.1 ? {lines: lines.slice(lines.length - max), dropped: true} : {lines, dropped: false}

export const withMore = (log: LogLines, added: readonly LogLine[], isLooking: boolean): LogLines => {
  if (added.length === 0) return log
  const more = added.map((line, i) => ({...line, id: log.nextId + i}))
  const {lines, dropped} = trimmed(inOrder(log.lines, more), isLooking ? maxLinesWhileScrolled : maxLiveLines)
  return {lines, nextId: log.nextId + added.length, nextEarlier: log.nextEarlier, dropped: log.dropped || dropped}
}

export const withEarlier = (log: LogLines, added: readonly LogLine[]): LogLines => {
  const first = log.lines[0]?.at ?? Infinity
  const earlier = added.map((line, i) => ({...line, id: log.nextEarlier - added.length + 1 + i}))
  const lines = earlier.every(line => line.at <= first)
    ? [...earlier, ...log.lines]
    : [...earlier, ...log.lines].sort((a, b) => a.at - b.at)
  return {...log, lines, nextEarlier: log.nextEarlier - added.length}
}
