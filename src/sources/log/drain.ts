import {setImmediate as turn} from 'node:timers/promises'
import {openCopies} from './copies.ts'
import type {FollowListener} from './follow-events.ts'
import {closeGeneration, type Generation, goOnBehind, readOn, startOver} from './generation.ts'

export function flushPartialLine({lines}: Generation, {onLines}: FollowListener): void {
  const unfinished = lines.flushPartialLine()
  if (unfinished) onLines([unfinished])
}

const handOver = async (generation: Generation, fresh: Buffer, listener: FollowListener): Promise<void> => {
  await listener.beforeLines?.()
  for (const batch of generation.lines.push(fresh)) {
    listener.onLines(batch)
    await turn()
  }
}

const readCopy = async (copy: Generation, listener: FollowListener, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const fresh = await readOn(copy)
    if (fresh === 'rewritten' || fresh.length === 0) return
    await handOver(copy, fresh, listener)
  }
}

/** The file was truncated: first what it still held is sought in the copies that were made of it, then it is read again. */
const recover = async (generation: Generation, listener: FollowListener, signal: AbortSignal): Promise<void> => {
  const copies = await openCopies(generation, listener.onState, signal)
  const last = copies.at(-1)
  if (!last) flushPartialLine(generation, listener)
  listener.onState({kind: 'truncated', file: generation.file, copies: copies.map(({file}) => file)})
  startOver(generation, listener.onState)
  try {
    for (const copy of copies) {
      await readCopy(copy, listener, signal)
      if (copy !== last) flushPartialLine(copy, listener)
    }
    if (!last) return
    await goOnBehind(last, generation, listener.onState)
    if (generation.position === 0) flushPartialLine(last, listener)
  } finally {
    await Promise.all(copies.map(closeGeneration))
  }
}

/** Hands over all the lines there are, in turns of one chunk, and says whether there were any bytes. */
export async function drain(generation: Generation, listener: FollowListener, signal: AbortSignal): Promise<boolean> {
  let grew = false
  while (!signal.aborted) {
    const fresh = await readOn(generation)
    if (fresh === 'rewritten') {
      await recover(generation, listener, signal)
      continue
    }
    if (fresh.length === 0) break
    grew = true
    await handOver(generation, fresh, listener)
  }
  return grew
}
