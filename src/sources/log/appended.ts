import fs from 'node:fs'
import {Tail} from 'tail'

export type Appended = {
  /** Looks now, and resolves when what is there has been read, or when reading is over. */
  caughtUp(): Promise<void>
  stop(): void
}

type AppendedOptions = {
  readonly position: number
  readonly pollMs: number
  readonly onBytes: (bytes: Buffer) => void
  /** The file is gone, another one, or shorter than it was. */
  readonly onReplaced: () => void
  readonly onError: (error: unknown) => void
}

/** What `tail` has besides the face it declares. */
type TailInside = Omit<Tail, 'watch'> & {
  readonly currentCursorPos: number
  watch(position: number, readNow: boolean): void
  /** Reads from where it got to last time, to the end there is now. */
  change(): void
  watchFileEvent: () => void
}

/**
 * `tail` decides what to read and when; lines are not left to it, since it decodes each read by itself and splits a growing
 * buffer over and over. As latin1 and without a separator, its chunks are the bytes. It polls the size, and is made to go on
 * from its own position: left alone, it would skip what came between its start and its first poll.
 */
const openTail = (file: string, pollMs: number): TailInside => {
  const tail = new Tail(file, {encoding: 'latin1', separator: null, useWatchFile: true, fsWatchOptions: {interval: pollMs}})
  tail.unwatch()
  return tail as unknown as TailInside
}

export function appendedBytes(file: string, {position, pollMs, onBytes, onReplaced, onError}: AppendedOptions): Appended {
  const tail = openTail(file, pollMs)
  const {ino} = fs.statSync(file)
  let waiting: (() => void)[] = []
  let read = position
  let isStopped = false

  const settle = (): void => {
    if (!isStopped && read < tail.currentCursorPos) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  const check = (): void => {
    if (isStopped) return
    try {
      const now = fs.statSync(file, {throwIfNoEntry: false})
      if (now?.ino !== ino || now.size < tail.currentCursorPos) onReplaced()
      else tail.change()
    } catch (error) {
      onError(error)
    }
  }
  const readOn = (chunk: string): void => {
    if (isStopped) return
    read += chunk.length
    onBytes(Buffer.from(chunk, 'latin1'))
    settle()
  }

  tail.on('line', readOn)
  tail.on('error', error => isStopped || onError(error))
  tail.watchFileEvent = check
  tail.watch(position, true)
  const firstPoll = setTimeout(check, 2 * pollMs)

  return {
    caughtUp() {
      check()
      return new Promise(resolve => {
        waiting.push(resolve)
        settle()
      })
    },
    stop() {
      isStopped = true
      clearTimeout(firstPoll)
      tail.unwatch()
      settle()
    },
  }
}
