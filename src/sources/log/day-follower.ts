import path from 'node:path'
import {dayMs} from '../../domain/durations.ts'
import {type Day, type DayName, dateIn, dayFileName, daysIn, localDate, writtenAt} from './days.ts'
import {refusalOf} from './folder.ts'
import {inertWatch, watchFolder} from './folder-watch.ts'
import {createErrorReporter, isSystemError} from './follow-events.ts'
import {type Follower, type FollowOptions, followFile, type StartFrom} from './follower.ts'
import {startPolling} from './poll-loop.ts'

export type FollowDaysOptions = FollowOptions & {readonly folder: string; readonly name: DayName; readonly now?: () => Date}

type Followed = {readonly day: Day; readonly follower: Follower; lastLineAt: number}

const alwaysFollowed = 2
const pollsPerListing = 4

const oneByOne = async (followers: readonly Follower[], act: (follower: Follower) => Promise<void>): Promise<void> => {
  for (const follower of followers) await act(follower)
}

const newestFirst = (a: Day, b: Day): number => b.date.localeCompare(a.date)

/**
 * Follows a log that takes a new name every day. The folder says which days there are, not our clock: the gateway's clock or
 * zone may be another. The newest two are followed, since some releases go on writing yesterday's file after midnight, and
 * any other until it has been quiet for a day. Whenever lines of a day have been read, those that were written into an
 * earlier one before are handed over first.
 */
export function followDays(options: FollowDaysOptions): Follower {
  const {folder, name, owners = null, onLines, onState, pollMs = 250, nudge = true, now = () => new Date()} = options
  const followed = new Map<string, Followed>()
  const errors = createErrorReporter(folder, onState)
  let from: StartFrom = options.from
  let isNew = false
  let missingReported = false
  let lastRefusal: string | null = null
  let isClosed = false

  const oldestFirst = (): Followed[] => [...followed.values()].sort((a, b) => newestFirst(b.day, a.day))
  const all = (): Follower[] => oldestFirst().map(({follower}) => follower)
  const before = (day: Day): Follower[] =>
    oldestFirst()
      .filter(other => other.day.date < day.date)
      .map(({follower}) => follower)

  const follow = (day: Day): Follower => {
    const follower = followFile(day.file, {
      from,
      owners,
      isNew,
      pollMs,
      nudge,
      beforeLines: () => oneByOne(before(day), earlier => earlier.caughtUp()),
      onLines(lines) {
        entry.lastLineAt = now().getTime()
        onLines(lines)
      },
      onState(state) {
        if (state.kind !== 'missing') onState(state)
      },
    })
    const entry: Followed = {day, follower, lastLineAt: now().getTime()}
    followed.set(day.date, entry)
    return follower
  }

  const isQuiet = async ({date, file}: Day): Promise<boolean> =>
    now().getTime() - Math.max(followed.get(date)?.lastLineAt ?? 0, await writtenAt(file)) > dayMs

  const daysToFollow = async (present: readonly Day[]): Promise<Day[]> => {
    const byDate = new Map(
      [...followed.values()]
        .map(({day}) => day)
        .concat(present)
        .map(day => [day.date, day]),
    )
    const days = [...byDate.values()].sort(newestFirst)
    const quiet = await Promise.all(days.map(isQuiet))
    return days.filter((_day, rank) => rank < alwaysFollowed || !quiet[rank]).reverse()
  }

  const unfollowExcept = async (days: readonly Day[]): Promise<void> => {
    for (const {day, follower} of [...followed.values()]) {
      if (days.some(({date}) => date === day.date)) continue
      followed.delete(day.date)
      await follower.finish()
    }
  }

  const reportIfMissing = (isMissing: boolean): void => {
    if (isMissing && !missingReported) onState({kind: 'missing', file: path.join(folder, dayFileName(name)(localDate(now())))})
    missingReported = isMissing
  }

  const sayIfRefused = (refusal: string | null): void => {
    if (refusal !== null && refusal !== lastRefusal) onState({kind: 'left-out', file: folder, because: refusal})
    if (refusal === null && lastRefusal !== null) onState({kind: 'recovered', file: folder})
    lastRefusal = refusal
  }

  const lookAtNames = async (): Promise<boolean> => {
    let sawChange = false
    // Asked on each look: the folder may go while we run, and another account may be the next to make it.
    const refusal = refusalOf(folder, owners)
    sayIfRefused(refusal)
    if (refusal !== null) {
      await unfollowExcept([])
      return false
    }
    const present = await daysIn(folder, name)
    errors.passed()
    reportIfMissing(present.length === 0)
    const days = await daysToFollow(present)
    await unfollowExcept(days)
    for (const day of days) {
      // One after the other: where several days were there before us, their lines come in order.
      if (isClosed || followed.has(day.date)) continue
      await follow(day).caughtUp()
      sawChange = true
    }
    from = 'start'
    isNew = true
    return sawChange
  }

  const look = async (): Promise<boolean> => {
    if (!watch.isArmed()) watch.arm()
    try {
      return await lookAtNames()
    } catch (error) {
      if (!isSystemError(error)) throw error
      if (!isClosed) errors.failed(error)
      return false
    }
  }

  const isNewDay = (entry: string | null): boolean => {
    const date = entry === null ? null : dateIn(entry, name)
    return entry === null || (date !== null && !followed.has(date))
  }
  const watch = nudge
    ? watchFolder(folder, entry => {
        if (isNewDay(entry)) pace.nudge()
      })
    : inertWatch
  const pace = startPolling(look, {pollMs: pollsPerListing * pollMs, mayRest: watch.isArmed})

  const stop = (): void => {
    isClosed = true
    watch.close()
  }
  return {
    async caughtUp() {
      await pace.lookNow()
      await oneByOne(all(), follower => follower.caughtUp())
    },
    async finish() {
      await pace.lookNow()
      stop()
      await pace.stop()
      await oneByOne(all(), follower => follower.finish())
    },
    close() {
      stop()
      void pace.stop()
      for (const follower of all()) follower.close()
    },
  }
}
