import type {PanelView, Selection} from './panel-view.ts'
import type {State} from './state.ts'
import {explain} from './why/explain.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** The clock of a row is of no use to whoever reads it tomorrow, or in another zone. */
const timesOf = (chosen: Selection): string | null => {
  switch (chosen.kind) {
    case 'client': {
      const {tally, lastAt} = chosen.entry
      return tally ? `since ${iso(tally.run.since)}, last ${iso(lastAt)}` : `last ${iso(lastAt)}`
    }
    case 'board':
      return `last ${iso(chosen.row.client.lastAt)}`
    case 'attempt':
      return iso(chosen.attempt.at)
    case 'mark':
      return iso(chosen.timelineEvent.at)
    default:
      return null
  }
}

/** A row for a chat or a ticket: what stands in it, when that was, and what is said of it. */
export const copiedText = (state: State, {rows}: PanelView, chosen: Selection, index: number): string => {
  if (chosen.kind === 'line') {
    const {at, level, subsystem, text} = chosen.line
    return [at === 0 ? null : iso(at), level, subsystem === '' ? null : `[${subsystem}]`, text].filter(Boolean).join(' ')
  }
  const {why, seen, tryThis, facts} = explain(state, chosen)
  const row = rows.rowAt(index).cells.map(({text}) => text.trim())
  return [
    row.filter(Boolean).join('  '),
    timesOf(chosen),
    why,
    seen,
    tryThis,
    ...facts.map(([name, value]) => `${name}: ${value}`),
  ]
    .filter(Boolean)
    .join('\n')
}
