import type {Effect} from './effect.ts'
import {isActivity, isIdle} from './idle.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'
import {update} from './update.ts'

export type StoreOf<S, M> = {
  state: () => S
  dispatch: (message: M) => void
  /** Draw soon, not now: for what arrives by the thousand. */
  dispatchSoon: (message: M) => void
  subscribe: (listener: () => void) => () => void
}

export type Store = StoreOf<State, Message>

const soonMs = 80

/** Outside React, so that the program can be tested, replayed and run without a screen. */
export const storeOf = <S, M, E>(
  opening: S,
  update: (state: S, message: M) => readonly [S, ...E[]],
  run: (effect: E, store: StoreOf<S, M>) => void,
): StoreOf<S, M> => {
  let state = opening
  let timer: NodeJS.Timeout | null = null
  const listeners = new Set<() => void>()
  const tell = () => {
    if (timer) clearTimeout(timer)
    timer = null
    for (const listener of listeners) listener()
  }
  const apply = (message: M) => {
    const [next, ...effects] = update(state, message)
    state = next
    for (const effect of effects) run(effect, store)
  }
  const store: StoreOf<S, M> = {
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

/** A screen at rest is late by seconds: what happens then happens at its own time. */
const upToDate = (state: State, clock: () => number): State => {
  const now = clock()
  return isIdle(state, now) ? update(state, {type: 'ticked', now})[0] : state
}

export const createStore = (
  opening: State,
  run: (effect: Effect, store: Store) => void,
  clock: (() => number) | null = null,
): Store =>
  storeOf(opening, (state, message) => update(clock && isActivity(message) ? upToDate(state, clock) : state, message), run)
