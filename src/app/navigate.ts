import {chosenIndex, topFor, viewPanel} from './panel-view.ts'
import type {PanelView} from './panels/panel.ts'
import {panels} from './panels/panels.ts'
import {passes} from './rows/filter.ts'
import type {Place, State} from './state.ts'

export const minSize = {columns: 40, rows: 10} as const

/** How the screen is given out; where there is a side pane, it says why, beside the row. */
export type Layout = {tooSmall: boolean; table: number; why: number; side: number; width: number}

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
    tooSmall: isTooSmall(state.size),
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
  const top = topFor(before, place.offset, height, rows.count)
  const offset = clamp(index - top, 0, height - 1)
  const isNewest = rows.endsWithNewest ? index === rows.count - 1 : index === 0
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
  const {count, rowAt} = found.rows
  const start = chosenIndex(found, state.places[state.panel])
  for (let step = 1; step <= count; step += 1) {
    const index = (start + direction * step + count * 2) % count
    if (passes(state.search, rowAt(index).search)) return placed(state, found, index)
  }
  return null
}

/** What has come since and is not on the screen, where the cursor holds a row; null where the newest is followed. */
export const newerText = (state: State, found: PanelView, index: number): string | null => {
  const {rows} = found
  const place = state.places[state.panel]
  // Beside the lines of one row the way back is said already.
  if (place.key === null || rows.count === 0 || state.evidence) return null
  const height = layoutOf(state).table
  const top = topFor(index, place.offset, height, rows.count)
  if (rows.endsWithNewest) {
    const below = Math.max(0, rows.count - top - height)
    return `${below === 0 ? 'held' : `${below} newer below`}; G follows`
  }
  return top > 0 && panels[state.panel].newestFirst ? `${top} newer above; g` : null
}

export const atTop = (state: State): boolean => {
  const found = viewPanel(state, false)
  return chosenIndex(found, state.places[state.panel]) === 0
}
