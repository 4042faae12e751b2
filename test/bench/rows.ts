/** One comparison; `theirs` is null where there is no peer, or where it is not on this machine. */
export type Row = {
  group: string
  what: string
  unit: 'ms' | 'MB' | '%' | 'lines'
  ours: number
  peer: string
  theirs: number | null
  /** The most that ours may be: times theirs, or in the unit itself. */
  reach: {times: number} | {most: number} | null
}

type Options = {isQuick: boolean; folder: string}

/** Rows are printed as they come: the whole takes a while. */
export type Group = (options: Options, add: (row: Omit<Row, 'group'>) => void) => void | Promise<void>

export const ratioOf = ({ours, theirs}: Row): number | null => (theirs === null || theirs === 0 ? null : ours / theirs)

/** Null where nothing is to be reached, or where the peer is absent. */
export const holds = (row: Row): boolean | null => {
  if (row.reach === null) return null
  if ('most' in row.reach) return row.ours <= row.reach.most
  const ratio = ratioOf(row)
  return ratio === null ? null : ratio <= row.reach.times
}

const number = (value: number): string =>
  value >= 100 || value === 0 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const reachText = ({reach, unit}: Row): string => {
  if (reach === null) return ''
  return 'most' in reach ? `≤ ${reach.most} ${unit}` : `≤ ${number(reach.times)} ×`
}

const holdsText = (row: Row): string => ({true: 'yes', false: 'NO', null: ''})[`${holds(row)}`]

const titles = ['what', 'gatecrab', 'peer', 'its figure', 'ours / its', 'reach', 'holds'] as const

const widths = [58, 10, 34, 10, 10, 9, 5] as const

const cellsOf = (row: Row): string[] => {
  const ratio = ratioOf(row)
  return [
    row.what,
    `${number(row.ours)} ${row.unit}`,
    row.peer,
    row.theirs === null ? (row.peer === '' ? '' : 'absent') : `${number(row.theirs)} ${row.unit}`,
    ratio === null ? '' : number(ratio),
    reachText(row),
    holdsText(row),
  ]
}

const line = (cells: readonly string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`

export const tableHead = (): string => line(titles) + line(widths.map(width => '-'.repeat(width)))

export const tableRow = (row: Row): string => line(cellsOf(row))
