import {setImmediate as turn} from 'node:timers/promises'
import {type Generation, readOn, startOver} from './log-generation.ts'
import type {Listener} from './log-news.ts'

export function giveUp({lines}: Generation, {onLines}: Listener): void {
  const unfinished = lines.giveUp()
  if (unfinished) onLines([unfinished])
}

/** Hands over all the lines there are, in turns of one chunk, and says whether there were any bytes. */
export async function drain(generation: Generation, listener: Listener, signal: AbortSignal): Promise<boolean> {
  let grew = false
  while (!signal.aborted) {
    const fresh = await readOn(generation)
    if (fresh === 'rewritten') {
      giveUp(generation, listener)
      listener.onState({kind: 'truncated', file: generation.file})
      startOver(generation, listener.onState)
      continue
    }
    if (fresh.length === 0) break
    grew = true
    for (const batch of generation.lines.push(fresh)) {
      listener.onLines(batch)
      await turn()
    }
  }
  return grew
}
