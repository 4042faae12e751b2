const restMs = 10

export type Pace = {
  /** Something may have changed: look soon, instead of at the next poll. */
  nudge(): void
  /** Resolves after a look that began later than this call. */
  lookNow(): Promise<void>
  /** Resolves when the look under way, if any, is over. */
  stop(): Promise<void>
}

/** Looks again and again, one look at a time: at every poll, and soon after a nudge, so that a storm of nudges costs little. */
export function keepLooking(look: () => Promise<void>, pollMs: number): Pace {
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let nudged = false
  let stopped = false

  const lookIn = (ms: number): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(start, ms)
  }
  const start = (): Promise<void> => {
    clearTimeout(timer)
    nudged = false
    looking = look().then(() => {
      looking = undefined
      lookIn(nudged ? restMs : pollMs)
    })
    return looking
  }

  void start()
  return {
    nudge() {
      if (!looking && !nudged) lookIn(restMs)
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
