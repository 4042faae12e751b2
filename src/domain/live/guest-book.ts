import {isLoopback} from '../address.ts'
import {forgetOldest} from '../attempts/forget.ts'
import type {Visitor} from './visitor.ts'

/** Everybody who is, or was, in under one name from one place. */
export type Guest = {
  key: string
  /** Those of them who are in now; the last of them who was, where nobody is. */
  visitors: readonly Visitor[]
  isIn: boolean
  /** How often somebody came, since we look. */
  visits: number
  firstAt: number
  lastAt: number
}

export type GuestBook = ReadonlyMap<string, Guest>

export const noGuests: GuestBook = new Map()

const most = 500
const briefMs = 10_000

const isHere = (from: string | null): boolean => from === 'local' || isLoopback(from)

const keyOf = ({name, mode, from, deviceId}: Visitor): string =>
  [name, mode, isHere(from) ? 'local' : from, deviceId].map(part => part ?? '').join('\u0000')

const isSame = (a: string | null, b: string | null): boolean => a !== null && a === b

/** A connection that got a name meanwhile, or that never said who it was, has not left: it was never known. */
const isWorthKeeping = ({visitors, firstAt, lastAt}: Guest, now: readonly Visitor[]): boolean => {
  const [last] = visitors
  if (last === undefined || last.by !== 'socket') return true
  return lastAt - firstAt >= briefMs && !now.some(({endpoint}) => isSame(endpoint, last.endpoint))
}

const seenAgain = (key: string, visitors: readonly Visitor[], before: Guest | undefined, at: number): Guest => {
  const known = new Set(before?.isIn ? before.visitors.map(visitor => visitor.key) : [])
  const fresh = visitors.filter(visitor => !known.has(visitor.key)).length
  return {key, visitors, isIn: true, visits: (before?.visits ?? 0) + fresh, firstAt: before?.firstAt ?? at, lastAt: at}
}

/** The book after another look at who is in. Whoever left stays in it, so that one knows who is missing. */
export const written = (book: GuestBook, visitors: readonly Visitor[], at: number): GuestBook => {
  const now = Map.groupBy(visitors, keyOf)
  const gone = Array.from(book.values())
    .filter(({key}) => !now.has(key))
    .filter(guest => !guest.isIn || isWorthKeeping(guest, visitors))
    .map(guest => (guest.isIn ? {...guest, isIn: false, visitors: guest.visitors.slice(-1)} : guest))
    .toSorted((a, b) => a.lastAt - b.lastAt)
  const next = new Map(gone.map(guest => [guest.key, guest]))
  for (const [key, here] of now) next.set(key, seenAgain(key, here, book.get(key), at))
  while (next.size > most && next.size > now.size) forgetOldest(next, next.size - 1)
  return next
}
