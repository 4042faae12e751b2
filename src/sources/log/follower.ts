import {inertWatch, watchForFile} from './folder-watch.ts'
import {type Follower, type FollowListener, type StartFrom, whileActive} from './follow-events.ts'
import {startPolling} from './poll-loop.ts'
import {trackRotation} from './rotation-tracker.ts'

export type {Follower, FollowState, StartFrom} from './follow-events.ts'
export type {RawLine} from './line-splitter.ts'

export type FollowOptions = FollowListener & {
  /** Where to begin in a file that is there already; one that comes later is read from its start. */
  readonly from: StartFrom
  /** Whose file it may be; a file of anybody else is as if it were not there. */
  readonly owners?: readonly number[] | null
  /** Whether the name was not there before: its archives are then part of what is to be read. */
  readonly isNew?: boolean
  readonly pollMs?: number
  /** Whether to watch the folder too; the polls alone find everything, only later. */
  readonly nudge?: boolean
}

const quietPolls = 8

/** Follows a file name through rotations, truncations and removals: no line is lost, split or repeated. */
export function followFile(file: string, options: FollowOptions): Follower {
  const {from, isNew = false, owners = null, beforeLines, onLines, onState, pollMs = 250, nudge = true} = options
  const ending = new AbortController()
  const watch = nudge ? watchForFile(file, () => pace.nudge()) : inertWatch
  const listener = whileActive(ending.signal, {
    beforeLines,
    onLines,
    onState(state) {
      // Another file may mean another folder of the same name, and a watch stays with the folder it began with.
      if (state.kind === 'reading') watch.arm()
      onState(state)
    },
  })
  const tracker = trackRotation(file, listener, {from, isNew, owners, quietMs: quietPolls * pollMs, signal: ending.signal})
  const look = (): Promise<boolean> => {
    if (!watch.isArmed()) watch.arm()
    return tracker.look()
  }
  const pace = startPolling(look, {pollMs, mayRest: watch.isArmed})

  const close = (): void => {
    ending.abort()
    watch.close()
    void pace.stop().then(tracker.close)
  }
  return {
    caughtUp: pace.lookNow,
    async finish() {
      await pace.lookNow()
      tracker.flushPartialLine()
      close()
    },
    close,
  }
}
