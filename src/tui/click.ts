import type {Message} from '../app/message.ts'
import {isTooSmall} from '../app/navigate.ts'
import type {State} from '../app/state.ts'
import {headerHeight, panelAt} from './panes/Header.tsx'
import {problemAt} from './panes/ProblemsPane.tsx'
import type {Theme} from './parts/paint.ts'
import {type Spot, viewOf} from './view.ts'

const rowClicked = (state: State, {column, row}: Spot, theme: Theme): Message | null => {
  const {layout, found, index, top, height} = viewOf(state, theme)
  const line = row - headerHeight(state) - 1
  const isRow = column < layout.width && line >= 0 && line < height && top + line < found.rows.count
  return isRow ? {type: 'moved', by: top + line - index} : null
}

/** A click selects a tab, a row, or a problem; anywhere else it does nothing, and it never starts a fix. */
export const clicked = (state: State, spot: Spot, theme: Theme): Message | null => {
  if (isTooSmall(state.size) || state.plan || state.prompt) return null
  if (state.overlay?.kind === 'problems') {
    const item = problemAt(state, spot.row, theme)
    return item && {type: 'overlay-opened', overlay: {kind: 'problems', top: 0, chosen: item.key}}
  }
  if (state.overlay) return null
  const panel = panelAt(state, spot)
  return panel ? {type: 'panel-chosen', panel} : rowClicked(state, spot, theme)
}
