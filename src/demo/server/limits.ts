import {isLoopback} from '../../domain/address.ts'

export type RateLimit = {maxAttempts: number; windowMs: number; lockoutMs: number; exemptLoopback: boolean}

export const defaultRateLimit: RateLimit = {maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: true}

export type Limiter = {
  /** How long this address is still locked out; 0 when it is not. */
  lockedFor: (address: string, scope: string) => number
  fail: (address: string, scope: string) => void
  /** Counts a failure; resolves when its answer may be sent: addresses that are never locked out wait instead. */
  failSlowly: (address: string, scope: string) => Promise<void>
  reset: (address: string, scope: string) => void
  /** Ends every wait at once. */
  release: () => void
}

type Entry = {failures: number[]; lockedUntil: number}

const delays = [250, 500, 1000, 2000, 4000, 5000]

type Pause = (ms: number) => Promise<void>

/** Delays that end at once when the gateway stops. */
const createPause = (): {pause: Pause; release: () => void} => {
  const waiting = new Map<NodeJS.Timeout, () => void>()
  const end = (timer: NodeJS.Timeout): void => {
    clearTimeout(timer)
    waiting.get(timer)?.()
    waiting.delete(timer)
  }
  return {
    pause: ms =>
      new Promise(resolve => {
        const timer = setTimeout(() => end(timer), ms)
        waiting.set(timer, resolve)
      }),
    release: () => [...waiting.keys()].forEach(end),
  }
}

/** What still counts of an address: a lockout that is over takes its failures with it. */
const current = ({failures, lockedUntil}: Entry, now: number, windowMs: number): Entry => {
  const over = lockedUntil > 0 && now >= lockedUntil
  return {failures: over ? [] : failures.filter(at => at > now - windowMs), lockedUntil: over ? 0 : lockedUntil}
}

export const createLimiter = (policy: () => RateLimit, clock: () => number, delayScale: number): Limiter => {
  const entries = new Map<string, Entry>()
  const {pause, release} = createPause()
  const exempt = (address: string): boolean => policy().exemptLoopback && isLoopback(address)
  const entryOf = (address: string, scope: string): Entry => {
    const key = `${scope}:${address}`
    const entry = current(entries.get(key) ?? {failures: [], lockedUntil: 0}, clock(), policy().windowMs)
    entries.set(key, entry)
    return entry
  }
  const fail = (address: string, scope: string): number => {
    const entry = entryOf(address, scope)
    const count = entry.failures.push(clock())
    if (!exempt(address) && count >= policy().maxAttempts) entry.lockedUntil = clock() + policy().lockoutMs
    return count
  }
  const failSlowly = async (address: string, scope: string): Promise<void> => {
    const count = fail(address, scope)
    if (exempt(address)) await pause((delays[count - 1] ?? 5000) * delayScale)
  }
  const lockedFor = (address: string, scope: string): number =>
    exempt(address) ? 0 : Math.max(0, entryOf(address, scope).lockedUntil - clock())
  return {lockedFor, fail, failSlowly, reset: (address, scope) => entries.delete(`${scope}:${address}`), release}
}

/** Says which of many like lines are written: one a window, and how many were held back before it. */
export type Suppressor = (key: string) => {write: boolean; suppressedCount: number}

export const createSuppressor = (windowMs: number, clock: () => number): Suppressor => {
  const seen = new Map<string, {at: number; suppressedCount: number}>()
  return key => {
    const now = clock()
    const last = seen.get(key)
    if (last && now - last.at < windowMs) {
      last.suppressedCount += 1
      return {write: false, suppressedCount: last.suppressedCount}
    }
    seen.set(key, {at: now, suppressedCount: 0})
    return {write: true, suppressedCount: last?.suppressedCount ?? 0}
  }
}
