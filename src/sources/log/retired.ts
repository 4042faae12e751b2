import {drain, flushPartialLine} from './drain.ts'
import {errorCodeOf, type FollowListener, isSystemError} from './follow-events.ts'
import {closeGeneration, type Generation} from './generation.ts'

type Retired = {readonly generation: Generation; quietSince: number; failure: unknown}

const maxRetired = 8

/**
 * Files that lost their name. A writer may have one open a while longer and still finish a line in it, so each is read on
 * until it has been quiet for `quietMs`.
 */
export function retiredGenerations(listener: FollowListener, quietMs: number, signal: AbortSignal) {
  let retired: Retired[] = []

  const readOnIn = async (one: Retired): Promise<void> => {
    try {
      if (await drain(one.generation, listener, signal)) one.quietSince = performance.now()
      one.failure = null
    } catch (error) {
      if (!isSystemError(error)) throw error
      one.failure = error
    }
  }
  const isOver = (one: Retired, index: number): boolean =>
    performance.now() - one.quietSince >= quietMs || index < retired.length - maxRetired
  const release = async ({generation, failure}: Retired): Promise<void> => {
    if (failure !== null) listener.onState({kind: 'unreadable', file: generation.file, code: errorCodeOf(failure)})
    flushPartialLine(generation, listener)
    await closeGeneration(generation)
  }

  return {
    add(generation: Generation): void {
      retired.push({generation, quietSince: performance.now(), failure: null})
    },
    /** Says whether there are any. */
    async readAll(): Promise<boolean> {
      for (const one of retired) await readOnIn(one)
      const over = retired.filter(isOver)
      retired = retired.filter(one => !over.includes(one))
      for (const one of over) await release(one)
      return retired.length > 0
    },
    flushPartialLine(): void {
      for (const {generation} of retired) flushPartialLine(generation, listener)
    },
    async close(): Promise<void> {
      await Promise.all(retired.map(({generation}) => closeGeneration(generation)))
      retired = []
    },
  }
}
