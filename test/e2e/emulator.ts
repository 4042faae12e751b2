import xterm from '@xterm/headless'

type Style = {inverse: boolean; bold: boolean; colour: number | null}

/** A screen that only exists in memory, and what can be seen on it. */
export const createEmulator = (cols: number, rows: number) => {
  const terminal = new xterm.Terminal({cols, rows, allowProposedApi: true, scrollback: 500})
  const lineAt = (y: number) => terminal.buffer.active.getLine(y + terminal.buffer.active.viewportY)
  const row = (y: number): string => lineAt(y)?.translateToString(true) ?? ''
  const lines = (): string[] => Array.from({length: terminal.rows}, (_, y) => row(y))
  const styleAt = (y: number, x: number): Style | null => {
    const cell = lineAt(y)?.getCell(x)
    if (!cell) return null
    return {inverse: cell.isInverse() !== 0, bold: cell.isBold() !== 0, colour: cell.isFgDefault() ? null : cell.getFgColor()}
  }
  return {
    terminal,
    row,
    rows: lines,
    text: () => lines().join('\n'),
    /** The row that is painted inverse. */
    chosenRow: () => lines().find((_, y) => styleAt(y, 0)?.inverse) ?? null,
    styleOf: (query: string): Style | null => {
      const y = lines().findIndex(line => line.includes(query))
      return y < 0 ? null : styleAt(y, row(y).indexOf(query))
    },
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    isPasteBracketed: () => terminal.modes.bracketedPasteMode,
    mouseMode: () => terminal.modes.mouseTrackingMode,
  }
}
