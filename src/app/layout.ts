import type {State} from './state.ts'

export const minSize = {columns: 40, rows: 10} as const

/** How the screen is given out; where there is a side pane, it says why, beside the row. */
export type Layout = {tooSmall: boolean; table: number; why: number; side: number; width: number}

const sideFrom = 150
const fixedRows = 6 // three of header, the column heads, the sources, the keys

export const layoutOf = ({columns, rows}: State['size']): Layout => {
  const side = columns >= sideFrom ? Math.min(72, Math.floor(columns * 0.38)) : 0
  const why = side > 0 ? 0 : rows < 16 ? 2 : 7
  return {
    tooSmall: columns < minSize.columns || rows < minSize.rows,
    why,
    table: Math.max(1, rows - fixedRows - why),
    side,
    width: columns - (side > 0 ? side + 2 : 0),
  }
}
