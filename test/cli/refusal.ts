import fs from 'node:fs'
import {captured} from '../stories/captures.ts'

const real = fs
  .readFileSync(captured('2026.9.6', 'password.jsonl'), 'utf8')
  .split('\n')
  .find(line => line.includes('closed before connect'))

const conn = /conn=([0-9a-f-]{36})/.exec(real ?? '')?.[1] ?? ''

export const idOf = (n: number): string => `${n.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`

/** A line of a real refusal, of another connection for each number. */
export const refusal = (n: number): string => `${real?.replaceAll(conn, idOf(n))}\n`

/** The same at this very moment. */
export const freshRefusal = (n: number): string =>
  refusal(n).replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|\+00:00)/g, new Date().toISOString())
