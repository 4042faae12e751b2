import {isLoopback} from '../address.ts'
import {evictOldest} from '../evict-oldest.ts'
import type {ConnectedClient} from './connected-client.ts'

/** Everybody who is, or was, in under one name from one place. */
export type VisitRecord = {
  key: string
  /** Those of them who are in now; the last of them who was, where nobody is. */
  connectedClients: readonly ConnectedClient[]
  isIn: boolean
  /** How often somebody came, since we look. */
  visits: number
  firstAt: number
  lastAt: number
}

export type VisitHistory = ReadonlyMap<string, VisitRecord>

export const emptyVisitHistory: VisitHistory = new Map()

const max = 500
const briefMs = 10_000

const isHere = (from: string | null): boolean => from === 'local' || isLoopback(from)

const keyOf = ({name, mode, from, deviceId}: ConnectedClient): string =>
  [name, mode, isHere(from) ? 'local' : from, deviceId].map(part => part ?? '').join('\u0000')

const isSame = (a: string | null, b: string | null): boolean => a !== null && a === b

/** A connection that got a name meanwhile, or that never said who it was, has not left: it was never known. */
const isWorthKeeping = ({connectedClients, firstAt, lastAt}: VisitRecord, now: readonly ConnectedClient[]): boolean => {
  const [last] = connectedClients
  if (last === undefined || last.by !== 'socket') return true
  return lastAt - firstAt >= briefMs && !now.some(({endpoint}) => isSame(endpoint, last.endpoint))
}

const updatedRecord = (
  key: string,
  connectedClients: readonly ConnectedClient[],
  before: VisitRecord | undefined,
  at: number,
): VisitRecord => {
  const existing = new Set(before?.isIn ? before.connectedClients.map(connectedClient => connectedClient.key) : [])
  const fresh = connectedClients.filter(connectedClient => !existing.has(connectedClient.key)).length
  return {key, connectedClients, isIn: true, visits: (before?.visits ?? 0) + fresh, firstAt: before?.firstAt ?? at, lastAt: at}
}

/** The book after another look at who is in. Whoever left stays in it, so that one knows who is missing. */
export const updateVisitHistory = (
  history: VisitHistory,
  connectedClients: readonly ConnectedClient[],
  at: number,
): VisitHistory => {
  const now = Map.groupBy(connectedClients, keyOf)
  const disconnected = Array.from(history.values())
    .filter(({key}) => !now.has(key))
    .filter(record => !record.isIn || isWorthKeeping(record, connectedClients))
    .map(record => (record.isIn ? {...record, isIn: false, connectedClients: record.connectedClients.slice(-1)} : record))
    .toSorted((a, b) => a.lastAt - b.lastAt)
  const next = new Map(disconnected.map(record => [record.key, record]))
  for (const [key, here] of now) next.set(key, updatedRecord(key, here, history.get(key), at))
  while (next.size > max && next.size > now.size) evictOldest(next, next.size - 1)
  return next
}
