import {explain} from './panel-view.ts'
import type {PanelView, Selection} from './panels/panel.ts'
import type {State} from './state.ts'

/** A row for a chat or a ticket: what stands in it, when that was, and what is said of it. */
export const copiedText = (state: State, {rows}: PanelView, chosen: Selection, index: number): string => {
  const whole = chosen.copied()
  if (whole !== null) return whole
  const {why, seen, tryThis, facts} = explain(state, chosen)
  const row = rows.rowAt(index).cells.map(({text}) => text.trim())
  return [
    row.filter(Boolean).join('  '),
    chosen.times(),
    why,
    seen,
    tryThis,
    ...facts.map(([name, value]) => `${name}: ${value}`),
  ]
    .filter(Boolean)
    .join('\n')
}
