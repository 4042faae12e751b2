import fs from 'node:fs'
import {lineText, type Pad} from './checked-lines.ts'

export const nap = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** How many lines the reader has heard, seen from the writer's thread. */
export type Recorded = Int32Array

export const nothingListens = (): Recorded => new Int32Array(new SharedArrayBuffer(4))

/** Hands out the numbers 0 … count-1, to one pen or several. */
export type Numbers = {next(): number; left(): number; waitUntilHeard(maxMs: number): void}

export const numbersTo = (count: number, result: Recorded): Numbers => {
  let n = 0
  return {
    next: () => n++,
    left: () => count - n,
    waitUntilHeard(maxMs) {
      for (let ms = 0; ms < maxMs && Atomics.load(result, 0) < n; ms += 5) nap(5)
    },
  }
}

/** Writes checked lines into a file with plain synchronous writes, as a logger does. */

export function openPen(file: string, numbers: Numbers, pad: Pad) {
  let fd = fs.openSync(file, 'a')
  let line = 0
  const text = (count: number): string => {
    let lines = ''
    for (let left = Math.min(count, numbers.left()); left > 0; left -= 1) lines += `${lineText(numbers.next(), ++line, pad)}\n`
    return lines
  }
  const reopen = (): void => {
    fs.closeSync(fd)
    fd = fs.openSync(file, 'a')
    line = 0
  }
  return {
    text,
    reopen,
    write(count: number): void {
      fs.writeSync(fd, text(count))
    },
    bytes(bytes: Uint8Array): void {
      fs.writeSync(fd, bytes)
    },
    /** `count` lines, a few in each write. */
    writeBy(perWrite: number, count: number, napMs = 0): void {
      const until = numbers.left() - count
      while (numbers.left() > Math.max(0, until)) {
        fs.writeSync(fd, text(Math.min(perWrite, numbers.left() - until)))
        if (napMs > 0) nap(napMs)
      }
    },
    truncate(): void {
      fs.ftruncateSync(fd, 0)
      line = 0
    },
    close(): void {
      fs.closeSync(fd)
    },
  }
}

const renameIfThere = (from: string, to: string): void => {
  if (fs.existsSync(from)) fs.renameSync(from, to)
}

/** Shifts NAME to archive 1, 1 to 2, … and drops what is beyond 5. */
export const rotate = (file: string, archive: (age: number) => string): void => {
  for (let age = 4; age >= 1; age -= 1) renameIfThere(archive(age), archive(age + 1))
  fs.renameSync(file, archive(1))
}
