import type {Cell, Column, Role, Row} from '../../app/rows/rows.ts'
import type {ThemeName} from '../../app/theme-names.ts'
import {cut, fitted, widthOf} from './fit.ts'

export type Theme = {
  isAscii: boolean
  open: (role: Role) => string
  close: string
  chosen: readonly [string, string]
  match: readonly [string, string]
}

/**
 * What each role is painted with. On dark it is the sixteen colours, so that the operator's own palette decides; on white the yellow and
 * green of most palettes cannot be read, so there it is the fixed ones, or what is left of the sixteen.
 */
export const attributes: Readonly<Record<ThemeName, Record<Role, string>>> = {
  dark: {plain: '', dim: '2', good: '32', bad: '31', warn: '33', note: '36', strong: '1', title: '1;35', match: '4'},
  light: {
    ...{plain: '', dim: '2', good: '38;5;28', bad: '38;5;160', warn: '38;5;130', note: '38;5;25', strong: '1'},
    ...{title: '1;38;5;90', match: '4'},
  },
  'light-16': {plain: '', dim: '2', good: '1', bad: '31', warn: '35', note: '34', strong: '1', title: '1;34', match: '4'},
}

const colourless: Partial<Record<Role, string>> = {strong: '\u001b[1m'}

const sgr = (codes: string): string => (codes === '' ? '' : `\u001b[${codes}m`)

export type Look = {colour: boolean; isAscii: boolean; name?: ThemeName}

export const themeFor = ({colour, isAscii, name = 'dark'}: Look): Theme => ({
  isAscii,
  open: role => (colour ? sgr(attributes[name][role]) : (colourless[role] ?? '')),
  close: '\u001b[0m',
  chosen: ['\u001b[7m', '\u001b[27m'],
  match: ['\u001b[4m', '\u001b[24m'],
})

const ascii = (text: string): string =>
  text
    .replaceAll('…', '~')
    .replaceAll('×', 'x')
    .replaceAll('→', '->')
    .replaceAll('⇄', '<>')
    .replaceAll('←', '<-')
    .replaceAll('✗', 'x')
    .replaceAll('✓', '+')
    .replaceAll('●', '*')
    .replaceAll('▲', '!')
    .replaceAll('·', '-')
    .replaceAll('•', '*')
    .replaceAll('“', '"')
    .replaceAll('”', '"')
    .replace(/[^\u0020-\u007e]/g, '?')

export const readable = (text: string, theme: Theme): string => (theme.isAscii ? ascii(text) : text)

const painted = (text: string, cell: Cell, theme: Theme): string => {
  const open = theme.open(cell.role ?? 'plain')
  return open === '' ? text : `${open}${text}${theme.close}`
}

type Sized = {column: Column; index: number; width: number}

const gap = 1
const minWidth = 6

/** What is left over, negative where they do not fit. */
const spare = (shown: readonly Sized[], width: number): number => shown.reduce((room, one) => room - one.width - gap, width + gap)

/** The columns that a screen of this width shows; the growing one takes what is left. */
export const sized = (columns: readonly Column[], width: number): Sized[] => {
  const shown = columns
    .map((column, index): Sized => ({column, index, width: column.width}))
    .filter(({column}) => (column.from ?? 0) <= width)
  while (spare(shown, width) < 0) {
    const [least] = shown.filter(({column}) => column.from !== undefined).toSorted((a, b) => b.column.from! - a.column.from!)
    if (!least) break
    shown.splice(shown.indexOf(least), 1)
  }
  const growing = shown.find(({column}) => column.grow)
  // A name is of use at its whole length, so it is the first to get room; then what every screen shows.
  const inTurn = shown.toSorted(
    (a, b) => (a.column.grow ? -1 : (a.column.from ?? 0)) - (b.column.grow ? -1 : (b.column.from ?? 0)),
  )
  for (const one of inTurn) {
    const more = (one.column.wide ?? 0) - one.width
    const room = spare(shown, width)
    if (more > 0 && (one.column.grow || more <= room)) one.width += Math.min(more, room)
  }
  if (growing) growing.width = Math.max(minWidth, growing.width + spare(shown, width))
  return shown
}

export const ellipsis = (theme: Theme): string => (theme.isAscii ? '~' : '…')

export const paintRow = (row: Row, columns: readonly Sized[], width: number, theme: Theme, isChosen: boolean): string => {
  const cells = columns.map(({column, index, width: room}) => {
    const cell = row.cells[index] ?? {text: ''}
    const text = fitted(readable(cell.text, theme), room, column.right, cell.cut === 'silently' ? '' : ellipsis(theme))
    return isChosen ? text : painted(text, cell, theme)
  })
  if (!isChosen) return cells.join(' ')
  const [open, close] = theme.chosen
  return `${open}${fitted(cells.join(' '), width, false, ellipsis(theme))}${close}`
}

export const paintHeads = (columns: readonly Sized[], theme: Theme): string =>
  painted(columns.map(({column, width}) => fitted(column.title, width, column.right)).join(' '), {text: '', role: 'dim'}, theme)

/** Cells side by side, only those that fit whole; the last of them always has its room. */
export const paintWhole = (cells: readonly Cell[], width: number, theme: Theme): string => {
  const last = cells.at(-1)
  let room = width - (last ? widthOf(last.text) + 2 : 0)
  const visible = cells.slice(0, -1).filter(cell => {
    const fits = widthOf(cell.text) + 2 <= room
    if (fits) room -= widthOf(cell.text) + 2
    return fits
  })
  return paintLine(last ? [...visible, last] : visible, width, theme)
}

/** Where the width has no room for all, what is only said by the way goes first, from the end: half a word tells nothing. */
export const paintWeighed = (cells: readonly Cell[], width: number, theme: Theme): string => {
  const visible = [...cells]
  while (visible.length > 1 && visible.reduce((sum, {text}) => sum + widthOf(text) + 2, -2) > width) {
    const least = visible.findLastIndex(({role}) => role === 'dim')
    visible.splice(least < 0 ? -1 : least, 1)
  }
  return paintLine(visible, width, theme)
}

const widthOfAll = (cells: readonly Cell[], theme: Theme): number =>
  cells.reduce((sum, {text}) => sum + widthOf(readable(text, theme)) + 2, -2)

/** What matters of a line: a warning is of no use without its end. */
const widthNeeded = (cells: readonly Cell[], theme: Theme): number =>
  widthOfAll(
    cells.filter(({role}) => role !== 'dim'),
    theme,
  )

/** A line with something at its right end, which gives way: first what it says by the way, then all but its last word, then that. */
export const paintBeside = (
  left: {cells: readonly Cell[]; paint: (width: number) => string},
  right: readonly Cell[],
  width: number,
  theme: Theme,
): string => {
  const forms = [right, right.filter(({role}) => role !== 'dim'), right.slice(-1)]
  const needs = [widthOfAll(left.cells, theme), ...Array<number>(2).fill(widthNeeded(left.cells, theme))]
  const shown = forms.find((cells, i) => Math.max(needs[i] ?? 0, width / 2) + 2 + widthOfAll(cells, theme) <= width) ?? []
  if (shown.length === 0) return left.paint(width)
  const end = paintLine(shown, width, theme)
  const room = width - widthOf(end) - 2
  const begin = left.paint(room)
  return `${begin}${' '.repeat(Math.max(0, room - widthOf(begin)) + 2)}${end}`
}

/** Cells side by side, as many as the width has room for. */
export const paintLine = (cells: readonly Cell[], width: number, theme: Theme, between = '  '): string => {
  let line = ''
  let used = 0
  for (const cell of cells) {
    const space = used === 0 ? '' : between
    const text = cut(readable(cell.text, theme), width - used - space.length, ellipsis(theme))
    if (text === '') break
    line += space + painted(text, cell, theme)
    used += space.length + widthOf(text)
  }
  return line
}
