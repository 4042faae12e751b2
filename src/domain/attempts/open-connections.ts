import {evictOldest} from '../evict-oldest.ts'
import type {Attempt} from './attempt.ts'

/**
 * Connections of which more may be told. The latest stands apart: most are over with the next line, and to put each into a
 * map and take it out again would cost more than all the rest.
 */
export type OpenConnections = {
  latest: {key: number; attempt: Attempt} | null
  byKey: Map<number, Attempt>
  keyAt: Map<string, number>
}

export const createOpenConnections = (): OpenConnections => ({latest: null, byKey: new Map(), keyAt: new Map()})

const maxOpen = 4096
const maxEndpoints = 2048

export const findOpen = ({latest, byKey}: OpenConnections, key: number): Attempt | undefined =>
  latest?.key === key ? latest.attempt : byKey.get(key)

export const findOpenKeyAt = ({latest, keyAt}: OpenConnections, endpoint: string): number | undefined =>
  latest?.attempt.endpoint === endpoint ? latest.key : keyAt.get(endpoint)

const recordEndpoint = ({keyAt}: OpenConnections, key: number, endpoint: string | null): void => {
  if (endpoint === null) return
  keyAt.set(endpoint, key)
  evictOldest(keyAt, maxEndpoints)
}

/** Returns the key of the evicted connection, if any. */
export const addOpen = (open: OpenConnections, key: number, attempt: Attempt, endpoint: string | null): number | undefined => {
  const {latest, byKey} = open
  if (latest?.key === key) return undefined
  if (byKey.has(key)) {
    recordEndpoint(open, key, endpoint)
    return undefined
  }
  open.latest = {key, attempt}
  if (latest === null) return undefined
  byKey.set(latest.key, latest.attempt)
  recordEndpoint(open, latest.key, latest.attempt.endpoint)
  return evictOldest(byKey, maxOpen)
}

export const removeOpen = (open: OpenConnections, key: number, {endpoint}: Attempt): void => {
  const isLatest = open.latest?.key === key
  if (isLatest) open.latest = null
  if ((isLatest || open.byKey.delete(key)) && endpoint !== null) open.keyAt.delete(endpoint)
}
