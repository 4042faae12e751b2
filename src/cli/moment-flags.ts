const units = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000} as const

/** A length such as `90s`, `15m`, `2h`, `3d`. */
export const lengthOf = (text: string): number | null => {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(text.trim()) ?? []
  return count === undefined ? null : Number(count) * units[unit as keyof typeof units]
}

const maxTime = 8.64e15
/** Date.parse takes a bare 15 for a month. */
const dated = /^(?:\d{4}|[+-]\d{6})-\d\d/

/** A moment: ISO 8601, or a length before `now` where that is given. */
export const parseMoment = (text: string, now: number | null): number | null => {
  const ago = now === null ? null : lengthOf(text)
  const at = now === null || ago === null ? Date.parse(dated.test(text) ? text : '') : Math.max(now - ago, -maxTime)
  return Number.isNaN(at) ? null : at
}

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
