import {evictOldest} from '../evict-oldest.ts'
import {type ReasonMatch, type RefusalFacts, reasonOf} from './reason.ts'

type CachedReason = {seen: Required<RefusalFacts>; found: ReasonMatch}

/** What the reason table said before, by the most telling of the words it was asked about. */
export type ReasonCache = Map<string, CachedReason[]>

const maxWords = 1024
const maxPerWord = 8

const isSame = (a: Required<RefusalFacts>, b: Required<RefusalFacts>): boolean =>
  a.code === b.code &&
  a.handshake === b.handshake &&
  a.cause === b.cause &&
  a.authReason === b.authReason &&
  a.text === b.text &&
  a.detail === b.detail

/** A log says the same few things over and over, and asking the table takes a hundred times as long as remembering. */
export const lookupReason = (cache: ReasonCache, seen: Required<RefusalFacts>): ReasonMatch => {
  const word = seen.text ?? seen.authReason ?? seen.cause ?? ''
  const alike = cache.get(word) ?? []
  for (const cached of alike) if (isSame(cached.seen, seen)) return cached.found
  const found = reasonOf(seen)
  cache.set(word, [{seen, found}, ...alike.slice(0, maxPerWord - 1)])
  evictOldest(cache, maxWords)
  return found
}
