import fs from 'node:fs'
import type {LogEvent} from '../../domain/attempts/event.ts'
import {createTally, type Tallies, tallyIn} from '../../domain/log-source.ts'
import {
  type Chunk,
  chunkOf,
  createReading,
  type HistoryReading,
  readHistoryLine,
} from '../../gateway/lines/fast/history-reader.ts'
import {readLogLine} from '../../gateway/lines/log-line.ts'

import {endOfHole} from './line-splitter.ts'
import {openLog} from './pipe.ts'

const chunkBytes = 1 << 18

/** Gives the room for the next chunk, which has so many bytes already; it is given what held the chunk before. */
type Room = (carried: number, before: Buffer | null) => Buffer

/** What is to be held, twice. */
export const roomFor = (carried: number): number => Math.max(chunkBytes, 2 ** Math.ceil(Math.log2(carried * 2)))

const sameAgain: Room = (carried, before) =>
  before && carried <= before.length / 2 ? before : Buffer.allocUnsafe(roomFor(carried))

/** A file in chunks that end with a line; a chunk is good until the next is asked for. */
export function* wholeLines(file: string, upTo: number, room = sameAgain): Generator<Buffer> {
  const fd = openLog(file)
  try {
    let bytes = room(0, null)
    let carried = 0
    let left = upTo
    for (;;) {
      const read = fs.readSync(fd, bytes, carried, Math.min(bytes.length - carried, left), null)
      left -= read
      const filled = carried + read
      const whole = read === 0 ? carried : bytes.lastIndexOf(10, filled - 1) + 1
      if (whole > 0) yield bytes.subarray(0, whole)
      if (read === 0) return
      // A hole before a line, however long, is no part of it.
      const remaining = endOfHole(bytes, whole, filled)
      carried = filled - remaining
      const next = room(carried, bytes)
      bytes.copy(next, 0, remaining, filled)
      bytes = next
    }
  } finally {
    fs.closeSync(fd)
  }
}

type ReadPosition = HistoryReading & {lastAt: number}

/** The time of the last line before that has one. */
const timeBefore = ({file, now, lastAt}: ReadPosition, bytes: Buffer, before: number): number => {
  for (let end = before - 1, start = 0; end > 0; end = start - 1) {
    start = bytes.lastIndexOf(10, end - 1) + 1
    const {at} = readLogLine(bytes.toString('utf8', start, end), {file, line: 0}, Number.NaN, now)
    if (!Number.isNaN(at)) return at
  }
  return lastAt
}

export const createReadPosition = (file: string, now: number, tally = createTally(file)): ReadPosition => ({
  ...createReading(file, now, tally),
  lastAt: 0,
})

type ReadLine = (position: ReadPosition, chunk: Chunk, start: number, end: number) => LogEvent | null

/** Reads the lines of one chunk that tell something. */
export const readChunk = (
  bytes: Buffer,
  position: ReadPosition,
  events: LogEvent[],
  readLine: ReadLine = readHistoryLine,
): void => {
  const chunk = chunkOf(bytes)
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(10, start)
    if (end < 0) end = bytes.length
    position.line += 1
    const from = bytes[start] === 0 ? endOfHole(bytes, start, end) : start
    const line = end === from ? null : readLine(position, chunk, from, end)
    if (line) events.push(Number.isNaN(line.at) ? {...line, at: timeBefore(position, bytes, start)} : line)
  }
  position.lastAt = timeBefore(position, bytes, bytes.length)
}

/** Every line of a file, raw, in order. */
export function* everyLine(file: string): Generator<{raw: string; line: number}> {
  let line = 0
  for (const bytes of wholeLines(file, Infinity)) {
    for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
      end = bytes.indexOf(10, start)
      if (end < 0) end = bytes.length
      line += 1
      if (end > start) yield {raw: bytes.toString('utf8', start, end), line}
    }
  }
}

/** A file, or its beginning, in order, as batches of the lines that tell something. */
export function* backlog(
  file: string,
  now: number,
  {upTo = Infinity, tally = createTally(file), onRead = (_bytes: number): void => {}} = {},
): Generator<LogEvent[]> {
  const position = createReadPosition(file, now, tally)
  let read = 0
  for (const bytes of wholeLines(file, upTo)) {
    const events: LogEvent[] = []
    readChunk(bytes, position, events)
    read += bytes.length
    onRead(read)
    yield events
  }
}

type Head = {batches: Iterator<LogEvent[]>; batch: readonly LogEvent[]; next: number}

const lineOf = (head: Head): LogEvent | undefined => {
  while (head.next >= head.batch.length) {
    const more = head.batches.next()
    if (more.done) return undefined
    head.batch = more.value
    head.next = 0
  }
  return head.batch[head.next]
}

function* byTime(files: readonly string[], now: number, tallies: Tallies): Generator<readonly LogEvent[]> {
  const heads = files.map((file): Head => ({batches: backlog(file, now, {tally: tallyIn(tallies, file)}), batch: [], next: 0}))
  for (;;) {
    let first: Head | undefined
    for (const head of heads) {
      const line = lineOf(head)
      if (line && line.at < (first?.batch[first.next]?.at ?? Infinity)) first = head
    }
    const line = first?.batch[first.next]
    if (!first || !line) return
    first.next += 1
    yield [line]
  }
}

/** Several logs as one, by time: two gateways, two days, or a day and its archives. In batches, since a line costs less. */
export const mergeByTime = (
  files: readonly string[],
  now: number,
  alone = backlog,
  tallies: Tallies = new Map(),
): Iterable<readonly LogEvent[]> =>
  files.length === 1 && files[0] !== undefined
    ? alone(files[0], now, {tally: tallyIn(tallies, files[0])})
    : byTime(files, now, tallies)
