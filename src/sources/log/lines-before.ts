import {type FileHandle, open} from 'node:fs/promises'
import {isSystemError} from './follow-events.ts'
import {fileStart, type LinePlace, type RawLine, splitLines} from './line-splitter.ts'
import {chunksBetween, newlineBetween, placeAt} from './newlines.ts'

/** A RawLine is one; of line and offset one is enough, the other is found by counting. Line Infinity is the end of the file. */
export type Cursor = LinePlace | {readonly line: number} | {readonly offset: number}

export type LinesBefore = {
  /** Oldest first. */
  readonly lines: readonly RawLine[]
  /** For the lines before these. */
  readonly cursor: LinePlace
}

const placeOf = async (handle: FileHandle, cursor: Cursor): Promise<LinePlace> => {
  if ('line' in cursor && 'offset' in cursor) return cursor
  return placeAt(handle, {offset: (await handle.stat()).size, ...cursor})
}

const beginsLine = async (handle: FileHandle, offset: number): Promise<boolean> =>
  offset > 0 && (await newlineBetween(handle, offset - 1, offset)) !== null

/** The first line that begins within `maxBytes` before `end`, else the one line that is longer than that. */
const firstLineWithin = async (handle: FileHandle, end: number, maxBytes: number): Promise<number> => {
  for (let reach = maxBytes; reach < end; reach *= 2) {
    const before = await newlineBetween(handle, end - reach - 1, end - 1)
    if (before !== null) return before + 1
  }
  return 0
}

const linesBetween = async (handle: FileHandle, file: string, from: number, end: LinePlace): Promise<RawLine[]> => {
  const splitter = splitLines(file, {...fileStart, offset: from}, () => {})
  const lines: RawLine[] = []
  for await (const {bytes} of chunksBetween(handle, from, end.offset)) {
    for (const batch of splitter.push(bytes)) lines.push(...batch)
  }
  const first = end.line - lines.length
  return lines.map((line, index) => ({...line, line: first + index}))
}

const readBefore = async (handle: FileHandle, file: string, cursor: Cursor, maxBytes: number): Promise<LinesBefore | null> => {
  const end = await placeOf(handle, cursor)
  if (!(await beginsLine(handle, end.offset))) return null
  const offset = await firstLineWithin(handle, end.offset, maxBytes)
  const lines = await linesBetween(handle, file, offset, end)
  return {lines, cursor: {line: end.line - lines.length, offset}}
}

/** The whole lines before the cursor; null at the start of the file, or when it is no longer the file the cursor came from. */
export async function linesBefore(file: string, cursor: Cursor, maxBytes: number): Promise<LinesBefore | null> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, 'r')
    return await readBefore(handle, file, cursor, maxBytes)
  } catch (error) {
    if (isSystemError(error)) return null
    throw error
  } finally {
    await handle?.close()
  }
}
