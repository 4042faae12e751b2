import fs from 'node:fs'
import path from 'node:path'
import {fixtures} from './built.ts'

/** The lines that a real gateway wrote; see test/fixtures/logs/README.md. */
export const captured = (story: string, release = '2026.9.6'): string[] =>
  fs
    .readFileSync(path.join(fixtures, 'logs', release, `${story}.jsonl`), 'utf8')
    .split('\n')
    .filter(Boolean)

/** The same line as if it had been written at another time. */
export const at = (line: string, ms: number): string => {
  const iso = new Date(ms).toISOString()
  return line.replace(/"time":"[^"]*"/g, `"time":"${iso.replace('Z', '+00:00')}"`).replace(/"date":"[^"]*"/g, `"date":"${iso}"`)
}

/** A captured run with its own distances, ending now. */
export const recent = (lines: readonly string[], now = Date.now()): string[] => {
  const times = lines.map(line => Date.parse(/"date":"([^"]*)"/.exec(line)?.[1] ?? ''))
  const last = Math.max(...times.filter(time => !Number.isNaN(time)))
  return lines.map((line, i) => at(line, now - last + (times[i] ?? last)))
}

const conn = /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

/** The same lines of another connection. */
export const another = (lines: readonly string[], n: number): string[] =>
  lines.map(line => line.replace(conn, `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`))

/** The lines of the n-th connection in a capture that is closed with these words. */
export const refusal = (lines: readonly string[], words: string): string[] => {
  const closed = lines.find(line => line.includes('closed before connect') && line.includes(words))
  const [id] = closed?.match(conn) ?? []
  if (id === undefined) throw new Error(`no refusal in the capture says ${words}`)
  return lines.filter(line => line.includes(id))
}

/** As if it had been written this moment. */
export const now = (lines: readonly string[]): string[] => lines.map(line => at(line, Date.now()))
