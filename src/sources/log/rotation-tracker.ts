import type {BigIntStats} from 'node:fs'
import {identityOf, statIfThere} from './archives.ts'
import {drain, flushPartialLine} from './drain.ts'
import {createErrorReporter, type FollowListener, isMissing, isSystemError, type StartFrom} from './follow-events.ts'
import {closeGeneration, type Generation, openGeneration, renewHandle} from './generation.ts'
import {retiredGenerations} from './retired.ts'
import {archivesThere, openArrivals, openSuccessors} from './successors.ts'

/** One name, and the files that bear it one after the other. */
export type RotationTracker = {
  /** Reads all there is, finds out who bears the name now, and says whether there was anything new. */
  look(): Promise<boolean>
  /** Emits the unfinished last lines: their ends will not be read. */
  flushPartialLine(): void
  close(): Promise<void>
}

type RotationOptions = {
  readonly from: StartFrom
  readonly isNew: boolean
  readonly owners: readonly number[] | null
  readonly quietMs: number
  readonly signal: AbortSignal
}

export function trackRotation(
  file: string,
  listener: FollowListener,
  {from, isNew, owners, quietMs, signal}: RotationOptions,
): RotationTracker {
  const tell = listener.onState
  const errors = createErrorReporter(file, tell)
  const retired = retiredGenerations(listener, quietMs, signal)
  let current: Generation | null = null
  let start = from
  let absences = 0
  let missingReported = false
  /** The archives that were there already when the name was not. */
  let archivesBefore: ReadonlySet<string> | null = isNew ? new Set() : null
  let failure: unknown = null
  let sawChange = false
  /** When what we have read was last written, as far as we know. */
  let readAsOf: bigint | null = null

  const open = (name: string, where: StartFrom = 'start') => openGeneration(name, where, owners, tell, signal)

  const recordError = (error: unknown): void => {
    if (signal.aborted || isMissing(error)) return
    if (!isSystemError(error)) throw error
    failure ??= error
  }

  const readCurrent = async (): Promise<void> => {
    if (!current) return
    try {
      if (await drain(current, listener, signal)) sawChange = true
    } catch (error) {
      readAsOf = null
      recordError(error)
      await renewHandle(current).catch(recordError)
    }
  }

  const reportReading = ({file, inode, lines}: Generation): void => tell({kind: 'reading', file, inode, ...lines.place()})

  const take = async (next: Generation): Promise<void> => {
    if (current) retired.add(current)
    current = next
    readAsOf = null
    sawChange = true
    reportReading(next)
    await readCurrent()
  }

  const catchUpWithRotation = async (): Promise<void> => {
    while (current && !signal.aborted) {
      const ahead = await openSuccessors(file, current, open)
      if (ahead.length === 0) return
      tell({kind: 'rotated', file, between: ahead.slice(0, -1).map(missed => missed.file)})
      await readCurrent()
      for (const next of ahead) await take(next)
    }
  }

  const onMissing = async (): Promise<void> => {
    absences += 1
    start = 'start'
    // Between a rotation's rename and its new file the name is gone for a moment, which is no news.
    if (!missingReported && (current === null || absences > 1)) {
      tell({kind: 'missing', file})
      missingReported = true
    }
    if (current !== null && (await current.handle.stat()).nlink > 0) return
    if (current !== null) retired.add(current)
    current = null
    archivesBefore ??= await archivesThere(file)
  }

  const takeFirst = async (): Promise<void> => {
    const arrived = archivesBefore === null ? [await open(file, start)] : await openArrivals(file, archivesBefore, open)
    if (arrived.length > 1) tell({kind: 'rotated', file, between: arrived.slice(0, -1).map(missed => missed.file)})
    for (const next of arrived) await take(next)
    if (arrived.length === 0) return
    archivesBefore = null
    start = 'start'
  }

  const onIdentity = async (identity: string): Promise<void> => {
    if (current === null) await takeFirst()
    else if (current.identity !== identity) await catchUpWithRotation()
    else if (missingReported) reportReading(current)
    missingReported = false
  }

  const isAllRead = (there: BigIntStats): boolean =>
    current?.identity === identityOf(there) && BigInt(current.position) === there.size && readAsOf === there.mtimeNs

  const detectRotation = async (): Promise<void> => {
    const there = await statIfThere(file).catch(recordError)
    if (there) absences = 0
    if (there && isAllRead(there) && !missingReported) return
    readAsOf = there?.mtimeNs ?? null
    await readCurrent()
    if (there === null) await onMissing()
    else if (there) await onIdentity(identityOf(there))
  }

  return {
    async look() {
      failure = null
      sawChange = await retired.readAll()
      await detectRotation().catch(recordError)
      if (failure !== null) errors.failed(failure)
      else if (absences === 0) errors.passed()
      return sawChange
    },
    flushPartialLine() {
      retired.flushPartialLine()
      if (current) flushPartialLine(current, listener)
    },
    async close() {
      await retired.close()
      if (current) await closeGeneration(current)
    },
  }
}
