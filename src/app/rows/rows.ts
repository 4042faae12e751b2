import {type Filter, passes, type Searchable} from './filter.ts'

/** A role that the theme gives a look; never only a colour, there is a word or a sign beside it. */
export type Role = 'plain' | 'dim' | 'good' | 'bad' | 'warn' | 'note' | 'strong' | 'title' | 'match'

/** `silently`: what does not fit is left off without a mark, as the milliseconds of a time. */
export type Cell = {text: string; role?: Role; cut?: 'silently'}

/** `grow` takes what is left over; `from` is the width from which the column is shown, `wide` what it takes where there is room. */
export type Column = {title: string; width: number; wide?: number; grow?: true; right?: true; from?: number}

export type Row = {key: string; cells: readonly Cell[]; search: Searchable; dim: boolean}

/** Rows that are made when they are looked at: a panel may have thousands and shows thirty. */
export type Rows = {
  columns: readonly Column[]
  count: number
  keyAt: (index: number) => string
  indexOf: (key: string) => number
  rowAt: (index: number) => Row
  /** Newest last, as a log; the others start at their first row. */
  endsWithNewest: boolean
}

export const rowsFrom = (columns: readonly Column[], rows: readonly Row[]): Rows => ({
  columns,
  count: rows.length,
  keyAt: index => rows[index]?.key ?? '',
  indexOf: key => rows.findIndex(row => row.key === key),
  rowAt: index => rows[index]!,
  endsWithNewest: false,
})

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
