import {viewPanel} from './panel-view.ts'
import {log} from './panels/log.ts'
import {iso} from './panels/panel.ts'
import type {WrittenRows} from './rows/rows.ts'
import type {State} from './state.ts'

const tableTexts = (state: State): string[] => {
  const {rows, timeAt} = viewPanel(state, true)
  const titles = ['', ...rows.columns.map(({title}) => title)]
  const cells = Array.from({length: rows.count}, (_, index) => {
    const at = timeAt(index)
    // A clock of the screen says neither the day nor the zone.
    return [at === null ? '' : iso(at), ...rows.rowAt(index).cells.map(({text}) => text)]
  })
  const widths = titles.map((title, i) => cells.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), title.length))
  return [titles, ...cells].map(row =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .filter((_, i) => (widths[i] ?? 0) > 0)
      .join('  ')
      .trimEnd(),
  )
}

/** The rows that are shown now, filtered as they are. */
export const rowsToWrite = (state: State): WrittenRows =>
  state.panel === 'log' ? {is: 'lines', lines: log.view(state, false).items} : {is: 'table', texts: tableTexts(state)}
