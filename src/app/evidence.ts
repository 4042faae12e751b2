import {nameOf} from '../domain/attempts/client-name.ts'
import type {LineRef} from '../domain/attempts/event.ts'
import {chosenIndex, type Selection, viewPanel} from './panel-view.ts'
import {refKey} from './panels/log.ts'
import {emptyFilter} from './rows/filter.ts'
import type {Evidence, State} from './state.ts'

const refsOf = (chosen: Selection): LineRef[] => {
  switch (chosen.kind) {
    case 'client':
      return chosen.entry.tally ? chosen.entry.tally.evidence : chosen.entry.client.last.evidence
    case 'board':
      return chosen.row.client.last.evidence
    case 'attempt':
      return chosen.attempt.evidence
    case 'mark':
      return [chosen.timelineEvent.from]
    case 'profile':
    case 'copy':
    case 'line':
      return []
  }
}

const titleOf = (chosen: Selection): string => {
  switch (chosen.kind) {
    case 'client':
      return `${nameOf(chosen.entry.client)} ${chosen.entry.tally?.detail ?? chosen.entry.tally?.reason ?? ''}`.trim()
    case 'board':
      return nameOf(chosen.row.client)
    case 'attempt':
      return `attempt ${chosen.attempt.id.slice(0, 8)}`
    case 'mark':
      return chosen.timelineEvent.kind
    case 'profile':
    case 'copy':
    case 'line':
      return ''
  }
}

/** From a row to the raw lines behind it: the Log panel, showing those alone. */
export const withEvidence = (state: State): State | string => {
  const found = viewPanel(state, false)
  const chosen = found.selectionAt(chosenIndex(found, state.places[state.panel]))
  if (!chosen) return 'There is no row to show the lines of'
  if (chosen.kind === 'profile') return {...state, overlay: {kind: 'login', top: 0}}
  if (chosen.kind === 'copy') return 'This row was read from a file: it has no lines in the log'
  if (chosen.kind === 'line') return 'This is the raw line already; y copies it'
  if (chosen.kind === 'mark' && chosen.timelineEvent.from.file === '')
    return 'This did not come from the log: it has no lines there'
  const matching = new Set(refsOf(chosen).map(refKey))
  const heldLines = state.log.lines.filter(line => matching.has(refKey(line.from)))
  const last = heldLines.at(-1)
  if (!last) return 'Its lines are further back than what is on hand: Log, then k at the top reads earlier ones'
  const evidence: Evidence | null = chosen.kind === 'mark' ? null : {title: titleOf(chosen), lines: matching, back: state.panel}
  return {
    ...state,
    panel: 'log',
    filter: emptyFilter,
    evidence: evidence ?? {title: titleOf(chosen), lines: null, back: state.panel},
    places: {...state.places, log: {key: String(last.id), index: 0, offset: 4}},
  }
}
