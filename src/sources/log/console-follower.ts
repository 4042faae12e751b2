import type {BigIntStats} from 'node:fs'
import {type Appended, appendedBytes} from './appended.ts'
import {identityOf, statIfThere} from './archives.ts'
import {flushPartialLine} from './drain.ts'
import {
  createErrorReporter,
  type Follower,
  type FollowListener,
  isMissing,
  isSystemError,
  type StartFrom,
  whileActive,
} from './follow-events.ts'
import {closeGeneration, type Generation, openGeneration} from './generation.ts'
import {startPolling} from './poll-loop.ts'

export type ConsoleOptions = FollowListener & {readonly from: StartFrom; readonly pollMs?: number}

/**
 * Follows the console log that launchd keeps for the service: a file that only grows. Should it be emptied by hand or made
 * again it is read from its start again; what was written just before that and not yet read is lost with it.
 */
export function followConsole(file: string, {from, pollMs = 500, ...listeners}: ConsoleOptions): Follower {
  const ending = new AbortController()
  const listener = whileActive(ending.signal, listeners)
  const tell = listener.onState
  const errors = createErrorReporter(file, tell)
  let current: Generation | null = null
  let appended: Appended | null = null
  let start = from
  let missingReported = false

  const stopReading = (): void => {
    appended?.stop()
    appended = null
  }

  const releaseGeneration = async (old: Generation, there: BigIntStats | null): Promise<void> => {
    flushPartialLine(old, listener)
    if (there)
      tell(identityOf(there) === old.identity ? {kind: 'truncated', file, copies: []} : {kind: 'rotated', file, between: []})
    current = null
    await closeGeneration(old)
  }

  const reportMissing = (): void => {
    if (!missingReported) tell({kind: 'missing', file})
    missingReported = true
    start = 'start'
  }

  const beginFile = async (): Promise<Generation> => {
    current = await openGeneration(file, start, null, tell, ending.signal)
    start = 'start'
    missingReported = false
    tell({kind: 'reading', file, inode: current.inode, ...current.lines.place()})
    return current
  }

  const read = (generation: Generation): Appended =>
    appendedBytes(file, {
      position: generation.position,
      pollMs,
      onBytes(bytes) {
        generation.position += bytes.length
        for (const batch of generation.lines.push(bytes)) listener.onLines(batch)
      },
      onReplaced() {
        stopReading()
        pace.nudge()
      },
      onError(error) {
        stopReading()
        errors.failed(error)
      },
    })

  const begin = async (): Promise<void> => {
    const there = await statIfThere(file)
    const isOurs = there !== null && current?.identity === identityOf(there) && there.size >= current.position
    if (current && !isOurs) await releaseGeneration(current, there)
    if (there === null) return reportMissing()
    const generation = current ?? (await beginFile())
    if (ending.signal.aborted) return
    appended = read(generation)
    await appended.caughtUp()
    if (appended) errors.passed()
  }

  const look = async (): Promise<boolean> => {
    try {
      if (!appended) await begin()
    } catch (error) {
      stopReading()
      if (!isSystemError(error) && !ending.signal.aborted) throw error
      if (!isMissing(error)) errors.failed(error)
    }
    return false
  }
  const pace = startPolling(look, {pollMs, mayRest: () => appended !== null})

  const readAll = async (): Promise<void> => {
    await pace.lookNow()
    await appended?.caughtUp()
  }
  const caughtUp = async (): Promise<void> => {
    await readAll()
    if (!appended) await readAll()
  }
  const close = (): void => {
    ending.abort()
    stopReading()
    void pace.stop().then(() => current && closeGeneration(current))
  }
  return {
    caughtUp,
    async finish() {
      await caughtUp()
      if (current) flushPartialLine(current, listener)
      close()
    },
    close,
  }
}
