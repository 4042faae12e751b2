import {captured, refusal} from '../e2e/captured-lines.ts'

/** What differs from one attempt to the next; the rest of the line is as a real gateway wrote it. */
export type Attempt = {time: number; conn: string; client: string; address: string; agent: string}

type Part = string | ((attempt: Attempt) => string)

const iso = (ms: number): string => new Date(ms).toISOString()

/** The first that matches at a place counts. */
const places: readonly [RegExp, (found: RegExpExecArray) => Part[]][] = [
  [/"time":"[^"]*"/y, () => ['"time":"', ({time}) => iso(time).replace('Z', '+00:00'), '"']],
  [/"date":"[^"]*"/y, () => ['"date":"', ({time}) => iso(time), '"']],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/y, () => [({conn}) => conn]],
  [/(client=|"client":")cli\b/y, ([, before = '']) => [before, ({client}) => client]],
  [/(remote=|peer=|"remoteAddr":"|"endpoint":")127\.0\.0\.1/y, ([, before = '']) => [before, ({address}) => address]],
  [/ ua=n\/a/y, () => [' ua=', ({agent}) => agent]],
]

const matchAt = (line: string, at: number): {parts: Part[]; end: number} | null => {
  for (const [pattern, partsOf] of places) {
    pattern.lastIndex = at
    const found = pattern.exec(line)
    if (found) return {parts: partsOf(found), end: pattern.lastIndex}
  }
  return null
}

/** Cut once, since thousands are written each second. */
const templateOf = (line: string): ((attempt: Attempt) => string) => {
  const parts: Part[] = []
  let from = 0
  for (let at = 0; at < line.length; ) {
    const found = matchAt(line, at)
    if (!found) {
      at += 1
      continue
    }
    parts.push(line.slice(from, at), ...found.parts)
    at = from = found.end
  }
  parts.push(line.slice(from), '\n')
  return attempt => parts.map(part => (typeof part === 'string' ? part : part(attempt))).join('')
}

const story = captured('default-level')

/** A refusal: what was wrong with it, and its close. */
export const refusalLines = refusal(story, 'gateway token mismatch').map(templateOf)

/** What else a gateway writes while it runs: of no connection, and not of a start or an end. */
export const otherLines = story
  .filter(line => /"(?:cron: job added|remote model catalog|memory-core: )/.test(line))
  .map(templateOf)

/** Spread over the digits by which connections are told apart. */
export const connOf = (n: number): string =>
  `${(Math.imul(n + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`

export const addressOf = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

export const nameOf = (n: number): string => `soak-${String(n).padStart(6, '0')}`
