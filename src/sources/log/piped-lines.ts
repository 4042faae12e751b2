import type {Readable} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import {errorCodeOf, type FollowListener} from './follow-events.ts'
import {fileStart, splitLines} from './line-splitter.ts'

export type PipedOptions = FollowListener & {
  /** What the lines say they come from; a stream has no name of its own. */
  readonly file: string
  /** After the last line, whether the stream ended or broke off. */
  readonly onEnd: () => void
}

const bytesPerTurn = 128 * 1024

function* inTurns(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += bytesPerTurn) yield chunk.subarray(at, at + bytesPerTurn)
}

/** The lines of a stream. The next chunk is asked for when the last one is handed over, so that the pipe holds its writer back. */
export function pipedLines(stream: Readable, {file, onLines, onState, onEnd}: PipedOptions): {close(): void} {
  const lines = splitLines(file, fileStart, (line, bytes) => onState({kind: 'clipped', file, line, bytes}))
  const chunks: AsyncIterator<Buffer | string> = stream[Symbol.asyncIterator]()
  let isClosed = false

  const handOver = async (chunk: Buffer): Promise<void> => {
    for (const part of inTurns(chunk)) {
      for (const batch of lines.push(part)) {
        if (isClosed) return
        onLines(batch)
        await turn()
      }
    }
  }
  const nextChunk = async (): Promise<Buffer | null> => {
    try {
      const {done, value} = await chunks.next()
      return done ? null : Buffer.from(value)
    } catch (error) {
      if (!isClosed) onState({kind: 'unreadable', file, code: errorCodeOf(error)})
      return null
    }
  }
  const readToEnd = async (): Promise<void> => {
    for (let chunk = await nextChunk(); chunk !== null; chunk = await nextChunk()) await handOver(chunk)
    if (isClosed) return
    const unfinished = lines.flushPartialLine()
    if (unfinished) onLines([unfinished])
    onEnd()
  }

  void readToEnd()
  return {
    close() {
      isClosed = true
      stream.destroy()
    },
  }
}
