import {chosenIndex, explain, viewPanel} from './panel-view.ts'
import type {PanelView, Selection} from './panels/panel.ts'
import {withFold} from './rows/client-order.ts'
import {emptyFilter} from './rows/filter.ts'
import {refKey} from './rows/rows.ts'
import type {State} from './state.ts'

/** From a row to the raw lines behind it: the Log panel, showing those alone. */
export const withEvidence = (state: State): State | string => {
  const found = viewPanel(state, false)
  const evidence = found.selectionAt(chosenIndex(found, state.places[state.panel]))?.evidence()
  if (!evidence) return 'There is no row to show the lines of'
  if (evidence.is === 'login') return {...state, overlay: {kind: 'login', top: 0}}
  if (evidence.is === 'fold') return {...state, clientOrder: withFold(state.clientOrder, evidence.key)}
  if (evidence.is === 'whole-line')
    return {...state, overlay: {kind: 'line', line: evidence.line, raw: null, isWrapped: true, left: 0, top: 0}}
  if (evidence.is === 'none') return evidence.because
  const {title, lines} = evidence
  const matching = new Set(lines.map(refKey))
  const loadedLines = state.log.lines.filter(line => matching.has(refKey(line.from)))
  const last = loadedLines.at(-1)
  if (!last) return 'Its lines are further back than what is on hand: Log, then k at the top reads earlier ones'
  return {
    ...state,
    panel: 'log',
    filter: emptyFilter,
    evidence: {title, lines: evidence.is === 'lines' ? matching : null, back: state.panel},
    places: {...state.places, log: {key: String(last.id), index: 0, offset: 4}},
  }
}

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
