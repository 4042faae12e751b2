import type {FeedHandlers} from '../../app/effect.ts'
import type {Feed} from '../../app/feed.ts'
import type {Replay} from '../../app/state.ts'
import type {Store} from '../../app/store.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {applyLine} from '../../domain/world/apply-line.ts'
import {createWorld} from '../../domain/world/world.ts'
import {every} from '../../sources/every.ts'
import {lineHandlers} from './lines.ts'

const frameMs = 100

/** How many of the lines had been written by then: they are in order of time. */
const countUpTo = (lines: readonly LogLine[], at: number): number => {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

const shownLines = 20_000

const ignore = (): void => {}

/** Past logs have no gateway that a plan could change, and all their lines are read. */
const nothingToChange: Omit<FeedHandlers, 'seek' | 'set-speed' | 'read-line' | 'write-rows'> = {
  'read-earlier': ignore,
  'read-history': ignore,
  'copy-token': ignore,
  'list-journals': ignore,
  'write-report': ignore,
  'make-plan': ignore,
  'make-renewal': ignore,
  'make-device-plan': ignore,
  'run-plan': ignore,
}

/** Plays lines that were written long ago, at the pace at which they came or faster. */
export const replayFeed = (lines: readonly LogLine[], {from, to, at: begin, speed}: Replay, store: Store, home: string): Feed => {
  let at = from
  let pace = speed
  let playing = true
  let played = 0

  const seek = (to_: number): void => {
    at = to_
    played = countUpTo(lines, at)
    const world = createWorld()
    for (const line of lines.slice(0, played)) applyLine(world, line)
    store.dispatch({type: 'replay-sought', world, lines: lines.slice(Math.max(0, played - shownLines), played), at})
  }
  const step = (): void => {
    if (!playing || at >= to) return
    at = Math.min(to, at + frameMs * pace)
    const upTo = countUpTo(lines, at)
    const dueLines = lines.slice(played, upTo)
    played = upTo
    store.dispatch({type: 'replay-played', at, lines: dueLines})
  }
  const stop = every(frameMs, step)
  seek(Math.max(from, Math.min(to, begin)))
  // Behind the first picture: what lies ahead takes as long to read as all of it.
  const reading = setImmediate(() => {
    const whole = createWorld()
    for (const line of lines) applyLine(whole, line)
    store.dispatch({type: 'replay-timeline-read', timeline: whole.timeline})
  })

  const handlers: FeedHandlers = {
    ...nothingToChange,
    ...lineHandlers(store, home),
    seek: effect => seek(effect.at),
    'set-speed': effect => {
      pace = effect.speed
      playing = effect.playing
    },
  }
  return {
    handlers,
    now: () => at,
    end: () => {
      stop()
      clearImmediate(reading)
    },
  }
}
