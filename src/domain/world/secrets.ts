import type {LineRef, LogEvent, SecretsEvent} from '../attempts/event.ts'
import {evictOldest} from '../evict-oldest.ts'

/** A secret that OpenClaw could not resolve, and who goes without it. */
export type DegradedSecret = {
  owner: string | null
  state: 'cold' | 'stale' | null
  because: string
  since: number
  count: number
  from: LineRef
}

const maxOwners = 64

/** Whether it is news. */
export const applySecrets = (
  {secrets}: {secrets: Map<string, DegradedSecret>},
  event: SecretsEvent,
  {at, from}: LogEvent,
): boolean => {
  if (event.kind === 'secrets-surface') return true
  if (event.kind === 'secrets-recovered') {
    secrets.clear()
    return true
  }
  const {owner, state, because} = event
  const before = secrets.get(owner ?? '')
  secrets.set(owner ?? '', {owner, state, because, since: before?.since ?? at, count: (before?.count ?? 0) + 1, from})
  evictOldest(secrets, maxOwners)
  return before === undefined || before.state !== state
}
