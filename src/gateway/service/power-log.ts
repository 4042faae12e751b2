import {present} from '../../domain/clean.ts'

type PowerKind = 'sleep' | 'wake' | 'dark-wake'
export type PowerLine = {at: number; kind: PowerKind; because: string; forMs: number | null}
export type Sleep = {at: number; until: number | null; because: string}

const kinds: Readonly<Record<string, PowerKind>> = {Sleep: 'sleep', Wake: 'wake', DarkWake: 'dark-wake'}

const opening = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\s+(Sleep|Wake|DarkWake)(?:\s*\t|\s{2})/
const ending = /^(.*?)(?:\s+(\d{1,9}) secs)?$/s
/** Many times that of a real one. */
const maxLength = 2000

const because = (kind: PowerKind, text: string): string =>
  present(kind === 'sleep' ? /due to '([^']+)'/.exec(text)?.[1] : /due to\s+(.+?)(?:\s+Using\b.*)?$/.exec(text)?.[1], 80) ??
  'unknown'

/** `pmset -g log`: the lines of sleep and wake. One that says it enters dark wake still works, with its screen off. */
export const readPowerLog = (printed: string): PowerLine[] =>
  printed.split('\n').flatMap(text => {
    const [begun = '', day, time, hours, minutes, word = ''] = opening.exec(text) ?? []
    const [, rest = '', secs] = ending.exec(text.slice(begun.length, begun.length + maxLength).trim()) ?? []
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
