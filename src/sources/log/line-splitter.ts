export type RawLine = {
  readonly file: string
  /** 1-based, in that physical file. */
  readonly line: number
  readonly raw: string
  /** Where the line begins, in bytes. */
  readonly offset: number
}

export type LinePlace = {readonly line: number; readonly offset: number}

export const fileStart: LinePlace = {line: 1, offset: 0}

type Clipped = (line: number, bytes: number) => void

export type LineSplitter = {
  /** The lines that these bytes end, a batch at a time; must be run to its end before the next bytes come. */
  push(bytes: Buffer): Generator<RawLine[]>
  /** Of the next line. */
  place(): LinePlace
  /** The line that will never get its newline. */
  flushPartialLine(): RawLine | null
}

const newline = 10
const hole = 0
const carriageReturn = 13
const zeros = Buffer.alloc(8 * 1024)
const linesPerBatch = 2_000
const maxLineBytes = 64 * 2 ** 20

const decode = (bytes: Buffer, start = 0, end = bytes.length): string =>
  bytes.toString('utf8', start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end)

/** Behind the zeros. */
export const endOfHole = (bytes: Buffer, from: number, end = bytes.length): number => {
  let at = from
  while (at + zeros.length <= end && zeros.compare(bytes, at, at + zeros.length) === 0) at += zeros.length
  while (at < end && bytes[at] === hole) at += 1
  return at
}

/** The beginning of a line whose end has not come yet, kept as the chunks it came in: joined once, never searched again. */
const partialLine = () => {
  let chunks: Buffer[] = []
  let keptBytes = 0
  let length = 0
  return {
    length: () => length,
    isClipped: () => length > keptBytes,
    add(bytes: Buffer): void {
      const part = bytes.subarray(0, maxLineBytes - keptBytes)
      if (part.length > 0) chunks.push(Buffer.from(part))
      keptBytes += part.length
      length += bytes.length
    },
    take(): string {
      const text = decode(Buffer.concat(chunks, keptBytes))
      chunks = []
      keptBytes = length = 0
      return text
    },
  }
}

/** Bytes in, whole lines out. Only whole lines are decoded, so no cut between two reads can split a character. */
export function splitLines(file: string, start: LinePlace, clipped: Clipped): LineSplitter {
  let {line, offset} = start
  const partial = partialLine()

  const next = (raw: string, bytes: number): RawLine => {
    const made = {file, line, raw, offset}
    line += 1
    offset += bytes
    return made
  }
  const takePartial = (newlineBytes: 0 | 1): RawLine => {
    const bytes = partial.length()
    if (partial.isClipped()) clipped(line, bytes)
    return next(partial.take(), bytes + newlineBytes)
  }
  const endingAt = (bytes: Buffer, from: number, end: number): RawLine => {
    if (partial.length() === 0) return next(decode(bytes, from, end), end - from + 1)
    partial.add(bytes.subarray(from, end))
    return takePartial(1)
  }

  /**
   * A writer that does not append goes on at its old place when the file is truncated, and leaves a hole before it, which
   * reads as zeros: no part of the line, however many there are.
   */
  const skipHole = (bytes: Buffer, from: number): number => {
    if (bytes[from] !== hole || partial.length() > 0) return from
    const at = endOfHole(bytes, from)
    offset += at - from
    return at
  }

  return {
    *push(bytes) {
      let batch: RawLine[] = []
      let from = skipHole(bytes, 0)
      for (let end = bytes.indexOf(newline, from); end >= 0; end = bytes.indexOf(newline, from)) {
        batch.push(endingAt(bytes, from, end))
        from = skipHole(bytes, end + 1)
        if (batch.length < linesPerBatch) continue
        yield batch
        batch = []
      }
      if (from < bytes.length) partial.add(bytes.subarray(from))
      if (batch.length > 0) yield batch
    },
    place: () => ({line, offset}),
    flushPartialLine: () => (partial.length() === 0 ? null : takePartial(0)),
  }
}
