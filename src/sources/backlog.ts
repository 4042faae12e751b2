import fs from 'node:fs'
import type {Told} from '../domain/event.ts'

import {chunkOf, noMemory} from '../gateway/familiar.ts'
import {type Reading, readHistoryLine, readLogLine} from '../gateway/log-line.ts'
import {mayTell} from '../gateway/relevance.ts'

const chunkBytes = 1 << 19

/** A file in chunks that end with a line; a chunk is good until the next is asked for. */
function* wholeLines(file: string, upTo: number): Generator<Buffer> {
  const fd = fs.openSync(file, 'r')
  try {
    let bytes = Buffer.allocUnsafe(chunkBytes)
    let held = 0
    let left = upTo
    for (;;) {
      const read = fs.readSync(fd, bytes, held, Math.min(bytes.length - held, left), null)
      left -= read
      const filled = held + read
      const whole = read === 0 ? held : bytes.lastIndexOf(10, filled - 1) + 1
      if (whole > 0) yield bytes.subarray(0, whole)
      if (read === 0) return
      held = filled - whole
      const next = held > bytes.length / 2 ? Buffer.allocUnsafe(bytes.length * 2) : bytes
      bytes.copy(next, 0, whole, filled)
      bytes = next
    }
  } finally {
    fs.closeSync(fd)
  }
}

type Place = Reading & {lastAt: number}

/** The time of the last line before that has one. */
const timeBefore = ({file, now, lastAt}: Place, bytes: Buffer, before: number): number => {
  for (let end = before - 1, start = 0; end > 0; end = start - 1) {
    start = bytes.lastIndexOf(10, end - 1) + 1
    const {at} = readLogLine(bytes.toString('utf8', start, end), {file, line: 0}, Number.NaN, now)
    if (!Number.isNaN(at)) return at
  }
  return lastAt
}

/** Reads the lines of one chunk that may tell something; of the others not even the text is made. */
const readChunk = (bytes: Buffer, place: Place, told: Told[]): void => {
  const chunk = chunkOf(bytes)
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(10, start)
    if (end < 0) end = bytes.length
    place.line += 1
    if (end === start || !mayTell(bytes, start)) continue
    const line = readHistoryLine(place, chunk, start, end)
    if (line) told.push(Number.isNaN(line.at) ? {...line, at: timeBefore(place, bytes, start)} : line)
  }
  place.lastAt = timeBefore(place, bytes, bytes.length)
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
export function* backlog(file: string, now: number, upTo = Infinity): Generator<Told[]> {
  const place: Place = {file, line: 0, lastAt: 0, now, memory: noMemory()}
  for (const bytes of wholeLines(file, upTo)) {
    const told: Told[] = []
    readChunk(bytes, place, told)
    yield told
  }
}

type Head = {batches: Iterator<Told[]>; batch: readonly Told[]; next: number}

const lineOf = (head: Head): Told | undefined => {
  while (head.next >= head.batch.length) {
    const more = head.batches.next()
    if (more.done) return undefined
    head.batch = more.value
    head.next = 0
  }
  return head.batch[head.next]
}

function* byTime(files: readonly string[], now: number): Generator<readonly Told[]> {
  const heads = files.map((file): Head => ({batches: backlog(file, now), batch: [], next: 0}))
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
export const merged = (files: readonly string[], now: number): Iterable<readonly Told[]> =>
  files.length === 1 && files[0] !== undefined ? backlog(files[0], now) : byTime(files, now)
