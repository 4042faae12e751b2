import type {Effect} from './effect.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'
import {update} from './update.ts'

export type Store = {
  state: () => State
  dispatch: (message: Message) => void
  /** Draw soon, not now: for what arrives by the thousand. */
  dispatchSoon: (message: Message) => void
  subscribe: (listener: () => void) => () => void
}

const soonMs = 80

/** Outside React, so that the program can be tested, replayed and run without a screen. */
export const createStore = (opening: State, run: (effect: Effect, store: Store) => void): Store => {
  let state = opening
  let timer: NodeJS.Timeout | null = null
  const listeners = new Set<() => void>()
  const tell = () => {
    if (timer) clearTimeout(timer)
    timer = null
    for (const listener of listeners) listener()
  }
  const apply = (message: Message) => {
    const [next, ...effects] = update(state, message)
    state = next
    for (const effect of effects) run(effect, store)
  }
  const store: Store = {
    state: () => state,
    dispatch: message => {
      apply(message)
      tell()
    },
    dispatchSoon: message => {
      apply(message)
      timer ??= setTimeout(tell, soonMs)
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return store
}
