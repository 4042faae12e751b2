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

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)
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

export const createLimiter = (policy: () => RateLimit, clock: () => number, delayScale: number): Limiter => {
  const entries = new Map<string, Entry>()
  const {pause, release} = createPause()
  const exempt = (address: string): boolean => policy().exemptLoopback && isLoopback(address)
  const entryOf = (key: string): Entry => {
    const now = clock()
    const found = entries.get(key) ?? {failures: [], lockedUntil: 0}
    const over = found.lockedUntil > 0 && now >= found.lockedUntil
    const kept = over ? [] : found.failures.filter(at => at > now - policy().windowMs)
    const entry = {failures: kept, lockedUntil: over ? 0 : found.lockedUntil}
    entries.set(key, entry)
    return entry
  }
  const fail = (address: string, scope: string): number => {
    const entry = entryOf(`${scope}:${address}`)
    entry.failures.push(clock())
    if (!exempt(address) && entry.failures.length >= policy().maxAttempts) entry.lockedUntil = clock() + policy().lockoutMs
    return entry.failures.length
  }
  return {
    lockedFor: (address, scope) => (exempt(address) ? 0 : Math.max(0, entryOf(`${scope}:${address}`).lockedUntil - clock())),
    fail,
    failSlowly: async (address, scope) => {
      const count = fail(address, scope)
      if (exempt(address)) await pause((delays[count - 1] ?? 5000) * delayScale)
    },
    reset: (address, scope) => entries.delete(`${scope}:${address}`),
    release,
  }
}

/** Says which of many like lines are written: one a window, and how many were held back before it. */
export type Suppressor = (key: string) => {write: boolean; held: number}

export const createSuppressor = (windowMs: number, clock: () => number): Suppressor => {
  const seen = new Map<string, {at: number; held: number}>()
  return key => {
    const now = clock()
    const last = seen.get(key)
    if (last && now - last.at < windowMs) {
      last.held += 1
      return {write: false, held: last.held}
    }
    seen.set(key, {at: now, held: 0})
    return {write: true, held: last?.held ?? 0}
  }
}
