export type Wanted = string | RegExp | ((seen: string) => boolean)

const patience = 10_000

const holds = (wanted: Wanted, seen: string): boolean =>
  typeof wanted === 'string' ? seen.includes(wanted) : typeof wanted === 'function' ? wanted(seen) : wanted.test(seen)

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

  const until = (isReached: () => boolean, what: string, ms: number) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        watchers.delete(look)
      }
      const look = () => {
        if (!isReached()) return
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
    waitFor: (wanted: Wanted, ms = patience) =>
      until(() => isWhole(raw()) && holds(wanted, text()), `not on the screen: ${wanted}`, ms),
    waitForGone: (wanted: Wanted, ms = patience) =>
      until(() => isWhole(raw()) && !holds(wanted, text()), `still on the screen: ${wanted}`, ms),
    waitForRaw: (wanted: Wanted, ms = patience) => until(() => holds(wanted, raw()), `never written: ${wanted}`, ms),
  }
}
