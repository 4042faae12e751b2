type PowerKind = 'sleep' | 'wake' | 'dark-wake'
export type PowerLine = {at: number; kind: PowerKind; because: string; forMs: number | null}
export type Sleep = {at: number; until: number | null; because: string}

const kinds: Readonly<Record<string, PowerKind>> = {Sleep: 'sleep', Wake: 'wake', DarkWake: 'dark-wake'}

const line =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\s+(Sleep|Wake|DarkWake)(?:\s*\t\s*|\s{2,})(.*?)(?:\s+(\d+) secs)?\s*$/

const because = (kind: PowerKind, text: string): string =>
  (kind === 'sleep' ? /due to '([^']+)'/.exec(text)?.[1] : /due to\s+(.+?)(?:\s+Using\b.*)?$/.exec(text)?.[1])?.slice(0, 80) ??
  'unknown'

/** `pmset -g log`: the lines of sleep and wake. One that says it enters dark wake still works, with its screen off. */
export const readPowerLog = (printed: string): PowerLine[] =>
  printed.split('\n').flatMap(text => {
    const [, day, time, hours, minutes, word = '', rest = '', secs] = line.exec(text) ?? []
    const kind = kinds[word]
    if (kind === undefined || /Entering DarkWake/.test(rest)) return []
    const at = Date.parse(`${day}T${time}${hours}:${minutes}`)
    return Number.isNaN(at)
      ? []
      : [{at, kind, because: because(kind, rest), forMs: secs === undefined ? null : Number(secs) * 1000}]
  })

/** From each falling asleep to its end, as its own line says it, else to the next waking: lines between may be gone. */
export const sleepsIn = (lines: readonly PowerLine[]): Sleep[] =>
  lines.flatMap(({kind, at, because: why, forMs}, i) => {
    if (kind !== 'sleep') return []
    const woken = lines.slice(i + 1).find(next => next.kind !== 'sleep')
    return [{at, until: forMs === null ? (woken?.at ?? null) : at + forMs, because: why}]
  })
