import {isLoopback} from '../address.ts'
import {minuteMs} from '../durations.ts'
import {type Attempt, addressOf} from './attempt.ts'

/** The gateway's own defaults; it announces neither the count nor the lock, so all of this is an estimate. */
const limit = {most: 10, windowMs: minuteMs, lockMs: 5 * minuteMs} as const

export type Guesses = Map<string, {at: number[]; lockedSince: number | null}>

/** `higher`: more wrong tries than the default allows, and still no lock: this gateway's own limit is another. */
export type Lockout = {count: number; max: number; lockedUntil: number | null; higher: boolean}

/** A wrong secret, and which of the gateway's counters it is counted in. */
const wrong: ReadonlyMap<string | null, 'shared' | 'device'> = new Map([
  ['token_mismatch', 'shared'],
  ['password_mismatch', 'shared'],
  ['device_token_mismatch', 'device'],
  ['bootstrap_token_invalid', 'shared'],
])
const maxAddresses = 512

/** Loopback without an Origin is made to wait instead of being locked out. */
export const isExempt = (attempt: Pick<Attempt, 'remote' | 'behindProxy' | 'origin'>): boolean =>
  attempt.origin === null && isLoopback(addressOf(attempt))

const keyOf = (attempt: Attempt): string =>
  `${addressOf(attempt)} ${attempt.origin === null ? '' : 'browser'} ${wrong.get(attempt.authReason) ?? 'shared'}`

export const isGuess = ({authReason}: Attempt): boolean => wrong.has(authReason)

export const recordGuess = (guesses: Guesses, attempt: Attempt): void => {
  const isLocked = attempt.authReason === 'rate_limited'
  if (!(isLocked || isGuess(attempt)) || isExempt(attempt)) return
  const key = keyOf(attempt)
  const guess = guesses.get(key) ?? {at: [], lockedSince: null}
  if (isLocked) guess.lockedSince ??= guess.at.at(-1) ?? attempt.at
  else {
    guess.lockedSince = null
    guess.at = [...guess.at.filter(at => attempt.at - at < limit.windowMs), attempt.at].slice(-limit.most * 4)
  }
  // The latest last: those go first that have been quiet longest.
  guesses.delete(key)
  guesses.set(key, guess)
  if (guesses.size > maxAddresses) guesses.delete(guesses.keys().next().value ?? '')
}

/** Of how many addresses every sign-in is refused now, the right one too, and until when for the last of them. */
export const lockoutsNow = (guesses: Guesses, now: number): {count: number; until: number} | null => {
  const ends = Array.from(guesses.values(), ({lockedSince}) => (lockedSince ?? Number.NEGATIVE_INFINITY) + limit.lockMs).filter(
    until => until > now,
  )
  return ends.length === 0 ? null : {count: ends.length, until: Math.max(...ends)}
}

export const lockoutOf = (guesses: Guesses, attempt: Attempt, now: number): Lockout | null => {
  const guess = guesses.get(keyOf(attempt))
  if (!guess) return null
  const count = guess.at.filter(at => now - at < limit.windowMs).length
  const until = guess.lockedSince === null ? null : guess.lockedSince + limit.lockMs
  const lockedUntil = until !== null && until > now ? until : null
  return count === 0 && lockedUntil === null
    ? null
    : {count, max: limit.most, lockedUntil, higher: lockedUntil === null && count > limit.most}
}

/** The addresses that are locked out now, by what the gateway answered them. */
export const lockedOut = (guesses: Guesses, now: number): {key: string; address: string; until: number}[] =>
  Array.from(guesses, ([key, {lockedSince}]) => ({key, address: key.split(' ')[0] ?? '', lockedSince})).flatMap(
    ({lockedSince, ...one}) =>
      lockedSince !== null && lockedSince + limit.lockMs > now ? [{...one, until: lockedSince + limit.lockMs}] : [],
  )
