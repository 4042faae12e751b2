import type {BigIntStats} from 'node:fs'
import {type Appended, appendedBytes} from './log-appended.ts'
import {identityOf, statIfThere} from './log-archives.ts'
import {giveUp} from './log-drain.ts'
import {closeGeneration, type Generation, openGeneration} from './log-generation.ts'
import {type Follower, isMissing, isSystemError, type Listener, type StartFrom, troubleWith, until} from './log-news.ts'
import {keepLooking} from './log-pace.ts'

export type ConsoleOptions = Listener & {readonly from: StartFrom; readonly pollMs?: number}

/**
 * Follows the console log that launchd keeps for the service: a file that only grows. Should it be emptied by hand or made
 * anew it is read from its start again; what was written just before that and not yet read is lost with it.
 */
export function followConsole(file: string, {from, pollMs = 500, ...told}: ConsoleOptions): Follower {
  const ending = new AbortController()
  const listener = until(ending.signal, told)
  const tell = listener.onState
  const trouble = troubleWith(file, tell)
  let current: Generation | null = null
  let appended: Appended | null = null
  let start = from
  let isSaidMissing = false

  const stopReading = (): void => {
    appended?.stop()
    appended = null
  }

  const letGo = async (old: Generation, there: BigIntStats | null): Promise<void> => {
    giveUp(old, listener)
    if (there)
      tell(identityOf(there) === old.identity ? {kind: 'truncated', file, copies: []} : {kind: 'rotated', file, between: []})
    current = null
    await closeGeneration(old)
  }

  const sayMissing = (): void => {
    if (!isSaidMissing) tell({kind: 'missing', file})
    isSaidMissing = true
    start = 'start'
  }

  const beginFile = async (): Promise<Generation> => {
    current = await openGeneration(file, start, null, tell, ending.signal)
    start = 'start'
    isSaidMissing = false
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
        trouble.failed(error)
      },
    })

  const begin = async (): Promise<void> => {
    const there = await statIfThere(file)
    const isOurs = there !== null && current?.identity === identityOf(there) && there.size >= current.position
    if (current && !isOurs) await letGo(current, there)
    if (there === null) return sayMissing()
    const generation = current ?? (await beginFile())
    if (ending.signal.aborted) return
    appended = read(generation)
    await appended.caughtUp()
    if (appended) trouble.passed()
  }

  const look = async (): Promise<boolean> => {
    try {
      if (!appended) await begin()
    } catch (error) {
      stopReading()
      if (!isSystemError(error) && !ending.signal.aborted) throw error
      if (!isMissing(error)) trouble.failed(error)
    }
    return false
  }
  const pace = keepLooking(look, {pollMs, mayRest: () => appended !== null})

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
      if (current) giveUp(current, listener)
      close()
    },
    close,
  }
}
