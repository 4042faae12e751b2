import type {FileHandle} from 'node:fs/promises'
import {fileStart, type LinePlace} from './line-splitter.ts'

/** Small enough that a chunk of nothing but newlines is still counted within a few milliseconds. */
const chunkBytes = 128 * 1024

const newline = 10

type Chunk = {bytes: Buffer; at: number}

export async function* chunksBetween(handle: FileHandle, from: number, to: number, signal?: AbortSignal): AsyncGenerator<Chunk> {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  for (let at = from; at < to; ) {
    signal?.throwIfAborted()
    const {bytesRead} = await handle.read(buffer, 0, Math.min(chunkBytes, to - at), at)
    if (bytesRead === 0) return
    yield {bytes: buffer.subarray(0, bytesRead), at}
    at += bytesRead
  }
}

type Limit = {readonly line?: number; readonly offset: number}

/** The place of the line that holds the byte at `offset`, or of `line` if that comes first: newlines counted from the start. */
export async function placeAt(handle: FileHandle, limit: Limit, signal?: AbortSignal): Promise<LinePlace> {
  let {line, offset} = fileStart
  for await (const {bytes, at} of chunksBetween(handle, 0, limit.offset, signal)) {
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, end + 1)) {
      if (line === limit.line) return {line, offset}
      line += 1
      offset = at + end + 1
    }
  }
  return {line, offset}
}

export async function newlineBetween(handle: FileHandle, from: number, to: number, signal?: AbortSignal): Promise<number | null> {
  for await (const {bytes, at} of chunksBetween(handle, from, to, signal)) {
    const end = bytes.indexOf(newline)
    if (end >= 0) return at + end
  }
  return null
}

/** Where the newest `bytes` begin, in whole lines; the unfinished last line is whole too if it reaches further back. */
export async function lastLines(handle: FileHandle, bytes: number, signal: AbortSignal): Promise<LinePlace> {
  const {size} = await handle.stat()
  if (bytes >= size) return fileStart
  const before = size - bytes - 1
  const cut = await placeAt(handle, {offset: before}, signal)
  const end = await newlineBetween(handle, before, size, signal)
  return end === null ? cut : {line: cut.line + 1, offset: end + 1}
}
