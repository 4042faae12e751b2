import {onTestFinished, vi} from 'vitest'
import type {Observed, ObserverState} from '../../src/domain/live/observed.ts'
import {Secret} from '../../src/domain/secret.ts'
import {type Observer, type ObserverOptions, type ObserverTiming, observe} from '../../src/sources/live/observer.ts'

const quick: Partial<ObserverTiming> = {pingMs: 60, silentMs: 200, helloMs: 60_000, tokenMs: 20, ringMs: 20, overdueMs: 0}

export type Watched = Observer & {
  all: Observed[]
  now: () => Observed
  /** The states, each as often as it was entered. */
  states: () => ObserverState[]
  until: (state: ObserverState, more?: (observed: Observed) => boolean) => Promise<Observed>
}

/** An observer that keeps all it tells; it is closed when the test ends. */
export const watched = (url: string, token: () => string | null, options: Partial<ObserverOptions> = {}): Watched => {
  const all: Observed[] = []
  const observer = observe({
    url,
    token: async () => {
      const found = token()
      return found === null ? null : new Secret(found)
    },
    version: '0.0.0-test',
    random: () => 0.02,
    onChange: observed => void all.push(observed),
    ...options,
    timing: {...quick, ...options.timing},
  })
  onTestFinished(observer.close)
  const now = (): Observed => all.at(-1) as Observed
  return {
    ...observer,
    all,
    now,
    states: () => all.map(({state}) => state).filter((state, i, list) => state !== list[i - 1]),
    until: (state, more = () => true) =>
      vi.waitFor(
        () => {
          const found = now()
          if (found?.state !== state || !more(found)) throw new Error(`it is ${found?.state}: ${found?.because}`)
          return found
        },
        {timeout: 10_000, interval: 10},
      ),
  }
}
