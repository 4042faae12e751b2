const minRestMs = 2
const maxRestMs = 10
/** While one nudge follows the other, at most a fifth of the time goes into looking. */
const restPerLook = 4
const looksBeforeRest = 20
const restingFactor = 4

export type PollLoop = {
  /** Something may have changed: look soon, instead of at the next poll. */
  nudge(): void
  /** Resolves after a look that began later than this call. */
  lookNow(): Promise<void>
  /** Resolves when the look under way, if any, is over. */
  stop(): Promise<void>
}

type PollOptions = {
  readonly pollMs: number
  /** Whether a file watcher is active. */
  readonly mayRest: () => boolean
}

/**
 * Looks again and again, one look at a time: at every poll, and soon after a nudge, so that a storm of nudges costs little.
 * Where nothing has been new for a while and a nudge can be hoped for, the polls are fewer: most of what an idle process
 * costs is to be woken up.
 */
export function startPolling(look: () => Promise<boolean>, {pollMs, mayRest}: PollOptions): PollLoop {
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let nudged = false
  let stopped = false
  let idleLooks = 0
  let restUntil = 0

  const untilNextPoll = (): number => (idleLooks >= looksBeforeRest && mayRest() ? restingFactor * pollMs : pollMs)
  const lookIn = (ms: number): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(start, ms)
  }
  /** At once if the last look is a while ago: what was written between a copy and the truncation stands nowhere else. */
  const lookSoon = (): void => lookIn(Math.max(0, restUntil - performance.now()))
  const start = (): Promise<void> => {
    clearTimeout(timer)
    nudged = false
    const startedAt = performance.now()
    looking = look().then(sawChange => {
      looking = undefined
      const endedAt = performance.now()
      restUntil = endedAt + Math.min(maxRestMs, Math.max(minRestMs, restPerLook * (endedAt - startedAt)))
      idleLooks = sawChange ? 0 : idleLooks + 1
      if (nudged) lookSoon()
      else lookIn(untilNextPoll())
    })
    return looking
  }

  void start()
  return {
    nudge() {
      if (!looking && !nudged) lookSoon()
      nudged = true
    },
    async lookNow() {
      while (looking) await looking
      if (!stopped) await start()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
