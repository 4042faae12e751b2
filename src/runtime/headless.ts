import {type Effect, runEffect} from '../app/effect.ts'
import type {Message} from '../app/message.ts'
import {emptyLogLines} from '../app/rows/rows.ts'
import {openingState, type State} from '../app/state.ts'
import {type Store, storeOf} from '../app/store.ts'
import {update} from '../app/update.ts'
import type {Transition} from '../domain/alerts/transitions.ts'
import {every} from '../sources/every.ts'
import type {GatewayContext} from './context.ts'
import {clockOf, liveOptions} from './live-options.ts'
import {keepHeapSmall} from './small-heap.ts'
import {liveFeed} from './watchers/live.ts'

/** The screen's state and its feeds, without a screen. */
export type Headless = {
  store: Store
  /** The history, and as far as they can be the profiles and the copies, have been read, and a pipe to its end where that is asked. */
  ready: (isToItsEnd: boolean) => Promise<void>
  /** The pipe that was followed has ended; never, where none was. */
  ended: Promise<void>
  /** Time goes on by the second; whoever looks may not wait for that. */
  tick: () => void
  end: () => void
}

const secondly = 1000
const timeoutMs = 10_000

/** No screen shows the lines: they are dropped once parsed, unless the history needs them. */
const withoutLines = (state: State, message: Message): [State, ...Effect[]] => {
  const [next, ...effects] = update(state, message)
  return next.readingHistory || next.log.lines.length === 0 ? [next, ...effects] : [{...next, log: emptyLogLines}, ...effects]
}

/** `onChange` is called where something changed for better or worse. */
export const headless = (
  context: GatewayContext,
  onChange: (transition: Transition, state: State) => void = () => {},
): Headless => {
  keepHeapSmall()
  const {opening, feed: options} = liveOptions(context)
  const now = clockOf(context.options)
  const store = storeOf(openingState(opening), withoutLines, effect => act(effect))
  const act = (effect: Effect): void =>
    runEffect({...feed.handlers, alert: ({transition}) => onChange(transition, store.state())}, effect)
  const feed = liveFeed(options, store)
  const tick = () => store.dispatch({type: 'ticked', now: now()})
  const stopClock = every(secondly, tick, {keepAlive: true})

  const began = performance.now()
  const hasEnded = (): boolean => store.state().sources.some(({state}) => state === 'ended')
  const isReady = (isToItsEnd: boolean): boolean => {
    const {readingHistory, profiles, copies} = store.state()
    const isAtEnd = !isToItsEnd || options.piped === null || hasEnded()
    const isRead = options.gateway === null || (profiles !== null && copies !== null)
    return !readingHistory && isAtEnd && (isRead || performance.now() - began > timeoutMs)
  }
  const until = (is: () => boolean): Promise<void> =>
    new Promise(resolve => {
      const look = () => {
        if (!is()) return
        unsubscribe()
        resolve()
      }
      const unsubscribe = store.subscribe(look)
      look()
    })
  return {
    store,
    ready: isToItsEnd => until(() => isReady(isToItsEnd)),
    ended: until(hasEnded),
    tick,
    end: () => {
      stopClock()
      feed.end()
    },
  }
}
