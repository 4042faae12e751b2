export type Requested = string | RegExp | ((seen: string) => boolean)

const timeout = 30_000

const holds = (query: Requested, seen: string): boolean =>
  typeof query === 'string' ? seen.includes(query) : typeof query === 'function' ? query(seen) : query.test(seen)

type Seen = {text: () => string; raw: () => string; ended: () => unknown}

/** Between the marks of a synchronized update the screen is half drawn. */
const isWhole = (raw: string): boolean => raw.lastIndexOf('\u001b[?2026h') <= raw.lastIndexOf('\u001b[?2026l')

/** Waits for what is to be seen, and shows the screen where it does not come. */
export const createWaits = ({text, raw, ended}: Seen) => {
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const watcher of watchers) watcher()
  }
  const failure = (what: string, ms: number): Error =>
    new Error(`${what} after ${ms} ms${ended() ? `, ended ${JSON.stringify(ended())}` : ''}; the screen:\n${text()}`)

  const until = (hasReached: () => boolean, what: string, ms: number) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        watchers.delete(look)
      }
      const look = () => {
        if (!hasReached()) return
        stop()
        resolve()
      }
      const timer = setTimeout(() => {
        stop()
        reject(failure(what, ms))
      }, ms)
      watchers.add(look)
      look()
    })

  return {
    changed,
    waitFor: (query: Requested, ms = timeout) =>
      until(() => isWhole(raw()) && holds(query, text()), `not on the screen: ${query}`, ms),
    waitForGone: (query: Requested, ms = timeout) =>
      until(() => isWhole(raw()) && !holds(query, text()), `still on the screen: ${query}`, ms),
    waitForRaw: (query: Requested, ms = timeout) => until(() => holds(query, raw()), `never written: ${query}`, ms),
  }
}
