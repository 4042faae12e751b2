type Woken = 'time' | 'rung' | 'closed'

export type Sleeper = {
  /** Waits, but not longer than until somebody rings. */
  pause: (ms: number) => Promise<Woken>
  wake: () => void
  close: () => void
  isClosed: () => boolean
  onClose: (act: () => void) => void
}

/** Pauses that can be cut short, though not so short that two of them lie less than `leastMs` apart. */
export const createSleeper = (minMs: number): Sleeper => {
  let wake: ((how: Woken) => void) | null = null
  let timer: NodeJS.Timeout | undefined
  let began = 0
  let isClosed = false
  let atClose: () => void = () => {}

  const wakeIn = (ms: number, how: Woken): void => {
    clearTimeout(timer)
    timer = setTimeout(() => wake?.(how), ms)
  }
  const pause = (ms: number): Promise<Woken> =>
    new Promise(resolve => {
      if (isClosed) return resolve('closed')
      began = performance.now()
      wake = how => {
        clearTimeout(timer)
        wake = null
        resolve(how)
      }
      wakeIn(ms, 'time')
    })
  return {
    pause,
    wake: () => {
      if (wake) wakeIn(Math.max(0, began + minMs - performance.now()), 'rung')
    },
    close: () => {
      isClosed = true
      wake?.('closed')
      atClose()
    },
    isClosed: () => isClosed,
    onClose: act => {
      atClose = act
      // It may have been closed while something was asked that took longer.
      if (isClosed) act()
    },
  }
}
