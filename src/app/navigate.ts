import {chosenIndex, offsetFor, topFor, viewPanel} from './panel-view.ts'
import type {PanelView} from './panels/panel.ts'
import {passes} from './rows/filter.ts'
import type {Place, State} from './state.ts'

export const minSize = {columns: 40, rows: 10} as const

/** How the screen is given out; where there is a side pane, it says why, beside the row. */
export type Layout = {table: number; why: number; side: number; width: number}

const sideFrom = 150
const fixedRows = 6 // three of header, the column heads, the sources, the keys
const roomyFrom = 16

export const isTooSmall = ({columns, rows}: State['size']): boolean => columns < minSize.columns || rows < minSize.rows

/** Which event is behind the refusals stands under the header, where that leaves room for who is refused. */
export const hasCauseLine = ({size, assessment}: Pick<State, 'size' | 'assessment'>): boolean =>
  assessment.cause !== null && size.rows >= roomyFrom

export const layoutOf = (state: Pick<State, 'size' | 'assessment'>): Layout => {
  const {columns, rows} = state.size
  const side = columns >= sideFrom ? Math.min(72, Math.floor(columns * 0.38)) : 0
  const why = side > 0 ? 0 : rows < roomyFrom ? 2 : 7
  return {
    why,
    table: Math.max(1, rows - fixedRows - why - (hasCauseLine(state) ? 1 : 0)),
    side,
    width: columns - (side > 0 ? side + 2 : 0),
  }
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value))

const withPlace = (state: State, place: Place): State => ({...state, places: {...state.places, [state.panel]: place}})

const placed = (state: State, found: PanelView, index: number): State => {
  const {rows} = found
  const height = layoutOf(state).table
  const place = state.places[state.panel]
  const before = chosenIndex(found, place)
  const top = topFor(before, offsetFor(found, place, height), height, rows.count)
  const offset = clamp(index - top, 0, height - 1)
  const isNewest = index === rows.newest
  return withPlace(state, {
    key: isNewest ? null : rows.keyAt(index),
    index,
    offset: isNewest && rows.endsWithNewest ? height - 1 : offset,
  })
}

export const movedBy = (state: State, by: number): State => {
  const found = viewPanel(state, false)
  if (found.rows.count === 0) return state
  const index = chosenIndex(found, state.places[state.panel])
  return placed(state, found, clamp(index + by, 0, found.rows.count - 1))
}

export const movedTo = (state: State, end: 'first' | 'last'): State => {
  const found = viewPanel(state, false)
  return found.rows.count === 0 ? state : placed(state, found, end === 'first' ? 0 : found.rows.count - 1)
}

/** The next row that the search finds, round the end once. */
export const searchedOn = (state: State, direction: 1 | -1): State | null => {
  const found = viewPanel(state, false)
  const {count, searchAt} = found.rows
  const start = chosenIndex(found, state.places[state.panel])
  const hits = Array.from({length: count}, (_, index) => index).filter(index => passes(state.search, searchAt(index)))
  const index = direction > 0 ? (hits.find(hit => hit > start) ?? hits[0]) : (hits.findLast(hit => hit < start) ?? hits.at(-1))
  if (index === undefined) return null
  const next = placed(state, found, index)
  return {...next, hit: {place: next.places[next.panel], number: hits.indexOf(index) + 1, of: hits.length}}
}

export const atTop = (state: State): boolean => {
  const found = viewPanel(state, false)
  return chosenIndex(found, state.places[state.panel]) === 0
}
