/**
 * Looks again each so many milliseconds, and never two looks at once: while one is under way the next is left out. Returns what ends it.
 * By itself it keeps no process alive; `keepAlive` is for what a command waits for.
 */
export const every = (ms: number, look: () => unknown, {keepAlive = false} = {}): (() => void) => {
  let isLooking = false
  const end = (): void => {
    isLooking = false
  }
  const timer = setInterval(() => {
    if (isLooking) return
    const looked = look()
    if (!(looked instanceof Promise)) return
    isLooking = true
    void looked.finally(end)
  }, ms)
  if (!keepAlive) timer.unref()
  return () => clearInterval(timer)
}
