import {layoutOf} from './navigate.ts'
import {topFor} from './panel-view.ts'
import type {PanelView} from './panels/panel.ts'
import {panels} from './panels/panels.ts'
import type {Cell} from './rows/rows.ts'
import type {State} from './state.ts'

/** Whether the newest is followed, or a row is held; then what has come since and is not on the screen. */
export const followText = (state: State, {rows}: PanelView, index: number): Cell | null => {
  const place = state.places[state.panel]
  const {newestFirst} = panels[state.panel]
  // Beside the lines of one row the way back is said already.
  if (rows.count === 0 || state.evidence) return null
  if (place.key === null) return rows.endsWithNewest || newestFirst ? {text: 'following', role: 'dim'} : null
  // In a replay what lies ahead stands above the newest.
  if (rows.newest > 0 && !rows.endsWithNewest) return {text: 'held', role: 'note'}
  const height = layoutOf(state).table
  const top = topFor(index, place.offset, height, rows.count)
  if (rows.endsWithNewest) {
    const below = Math.max(0, rows.count - top - height)
    return {text: `${below === 0 ? 'held' : `${below} newer below`}; G follows`, role: 'note'}
  }
  const above = Math.min(top, index - place.index)
  if (above > 0) return {text: newestFirst ? `${above} newer above; g follows` : `${above} more above; g`, role: 'note'}
  return newestFirst ? {text: 'held; g follows', role: 'note'} : null
}

/** The one in which they come is only said where there is room. */
const orderCells = ({panel, boardSince, clientOrder: {sort, group}}: State): Cell[] =>
  panel !== 'clients' || boardSince !== null
    ? []
    : [
        {text: `sort: ${sort}`, role: sort === 'worst' ? 'dim' : 'note'},
        ...(group === 'none' ? [] : [{text: `by ${group}`, role: 'note' as const}]),
      ]

/** Where the cursor is among all rows, and among those that were searched for. */
export const positionCells = (state: State, found: PanelView, index: number): Cell[] => {
  const {hit, places, panel} = state
  const follow = followText(state, found, index)
  return [
    ...orderCells(state),
    ...(follow === null ? [] : [follow]),
    // As soon as the cursor moves by other keys it is on no hit.
    ...(hit?.place === places[panel] ? [{text: `hit ${hit.number} of ${hit.of}`, role: 'note' as const}] : []),
    {text: found.rows.count === 0 ? 'no rows' : `${index + 1}/${found.rows.count}`, role: 'plain'},
  ]
}
