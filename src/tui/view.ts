import {type Layout, layoutOf} from '../app/navigate.ts'
import {chosenIndex, offsetFor, topFor, viewPanel} from '../app/panel-view.ts'
import type {PanelView} from '../app/panels/panel.ts'
import {panels} from '../app/panels/panels.ts'
import type {State} from '../app/state.ts'
import {paintLine, type Theme} from './parts/paint.ts'

/** A cell of the screen, from 0. */
export type Spot = {column: number; row: number}

/** What of a panel is on the screen: its rows from `top` on, so many as `height` says, then the lines below them. */
export type View = {
  layout: Layout
  found: PanelView
  /** The chosen row. */
  index: number
  top: number
  height: number
  below: readonly string[]
}

/** One line from five rows on, then one more for each two. */
const roomBelow = (rows: number): number => Math.max(0, Math.floor((rows - 3) / 2))

const linesBelow = (state: State, theme: Theme, {table, width}: Layout): string[] => {
  const lines = panels[state.panel].below?.(state, theme.isAscii) ?? []
  const room = roomBelow(table)
  return lines.slice(Math.max(0, lines.length - room)).map(cells => paintLine(cells, width, theme))
}

export const viewOf = (state: State, theme: Theme): View => {
  const layout = layoutOf(state)
  const found = viewPanel(state, theme.isAscii)
  const place = state.places[state.panel]
  const index = chosenIndex(found, place)
  const below = linesBelow(state, theme, layout)
  const height = layout.table - below.length
  return {...{layout, found, index, height, below}, top: topFor(index, offsetFor(found, place, height), height, found.rows.count)}
}
