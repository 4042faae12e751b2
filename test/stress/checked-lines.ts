/** How long the padding of line `n` is. */
export type Pad = (n: number) => number

export const usualPad: Pad = n => n % 180

/** A line that can be checked: it says its number twice, where it stands in its file, and holds characters of 1 to 4 bytes. */
export const lineText = (n: number, lineInFile: number, pad: Pad): string =>
  `{"n":${n},"line":${lineInFile},"text":"línea — 日本語 👍🏽 ${'x'.repeat(pad(n))}","end":${n}}`

export type Tally = {lost: number; torn: number; doubled: number; misnumbered: number}

const isRecord = (value: unknown): value is {n: number; line: number} =>
  typeof value === 'object' && value !== null && 'n' in value && 'line' in value

const parsed = (raw: string): {n: number; line: number} | null => {
  try {
    const value: unknown = JSON.parse(raw)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

export function tallyOf(count: number, pad: Pad) {
  const seen = new Uint8Array(count)
  const tally = {torn: 0, doubled: 0, misnumbered: 0}
  let distinct = 0
  return {
    /** `line` is null where the reader knows no line numbers. */
    hear(raw: string, line: number | null): void {
      const record = parsed(raw)
      if (record === null || raw !== lineText(record.n, record.line, pad)) {
        tally.torn += 1
        return
      }
      if (seen[record.n]) tally.doubled += 1
      else distinct += 1
      seen[record.n] = 1
      if (line !== null && line !== record.line) tally.misnumbered += 1
    },
    received: (): number => distinct,
    result: (): Tally => ({...tally, lost: count - distinct}),
  }
}
