import {type BigIntStats, constants, type Stats} from 'node:fs'
import {access, type FileHandle, open, stat} from 'node:fs/promises'
import {identityOf} from './archives.ts'
import type {FollowState, StartFrom} from './follow-events.ts'
import {fileStart, type LinePlace, type LineSplitter, splitLines} from './line-splitter.ts'
import {lastLines} from './newlines.ts'

const chunkBytes = 128 * 1024
/** Longer than a usual line, so that its time stamp is in it and two lines of the same words still differ. */
const fingerprintBytes = 1024

/** One physical file, whatever its name is by now, held open so that its inode stays its own. */
export type Generation = {
  readonly file: string
  readonly owners: readonly number[] | null
  readonly identity: string
  readonly inode: bigint
  handle: FileHandle
  position: number
  /** The last bytes before `position`. */
  fingerprint: Buffer
  lines: LineSplitter
  readonly buffer: Buffer
}

type Tell = (state: FollowState) => void

const splitterFor = (file: string, start: LinePlace, tell: Tell): LineSplitter =>
  splitLines(file, start, (line, bytes) => tell({kind: 'clipped', file, line, bytes}))

const placeIn = async (handle: FileHandle, from: StartFrom | LinePlace, signal: AbortSignal): Promise<LinePlace> => {
  if (from === 'start') return fileStart
  if (from !== 'end' && 'offset' in from) return from
  return await lastLines(handle, from === 'end' ? 0 : from.lastBytes, signal)
}

const fingerprintBefore = async (handle: FileHandle, offset: number): Promise<Buffer> => {
  const length = Math.min(fingerprintBytes, offset)
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, offset - length)
  return buffer.subarray(0, bytesRead)
}

/** Asked before opening: to open a named pipe would wait for its writer. */
const refuseUnlessFile = async (file: string, stats: Stats): Promise<void> => {
  if (stats.isFile()) return
  // A folder that may not be listed looks like one without logs.
  if (stats.isDirectory()) await access(file, constants.R_OK | constants.X_OK)
  throw Object.assign(new Error('not a regular file'), {code: stats.isDirectory() ? 'EISDIR' : 'EINVAL'})
}

/** Asked of the open file, so that no other can take its name between. */
const refuseUnlessOwned = ({uid}: BigIntStats, owners: readonly number[] | null): void => {
  if (owners !== null && !owners.includes(Number(uid))) throw Object.assign(new Error('the file of another'), {code: 'ENOENT'})
}

const closeQuietly = (handle: FileHandle): Promise<void> => handle.close().catch(() => {})

export async function openGeneration(
  file: string,
  from: StartFrom | LinePlace,
  owners: readonly number[] | null,
  tell: Tell,
  signal: AbortSignal,
): Promise<Generation> {
  await refuseUnlessFile(file, await stat(file))
  const handle = await open(file, 'r')
  try {
    const stats = await handle.stat({bigint: true})
    refuseUnlessOwned(stats, owners)
    const start = await placeIn(handle, from, signal)
    const fingerprint = await fingerprintBefore(handle, start.offset)
    const buffer = Buffer.allocUnsafe(fingerprintBytes + chunkBytes)
    const lines = splitterFor(file, start, tell)
    return {
      file,
      owners,
      identity: identityOf(stats),
      inode: stats.ino,
      handle,
      position: start.offset,
      fingerprint,
      lines,
      buffer,
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * The next bytes; none at the end. Every read begins a little before the position: where it does not find what was read
 * there last time, the file has been truncated, even if it is already longer again.
 */
export async function readOn(generation: Generation): Promise<Buffer | 'rewritten'> {
  const {handle, buffer, fingerprint, position} = generation
  const {bytesRead} = await handle.read(buffer, 0, buffer.length, position - fingerprint.length)
  if (bytesRead < fingerprint.length || buffer.compare(fingerprint, 0, fingerprint.length, 0, fingerprint.length) !== 0)
    return 'rewritten'
  const fresh = buffer.subarray(fingerprint.length, bytesRead)
  if (fresh.length > 0)
    generation.fingerprint = Buffer.from(buffer.subarray(Math.max(0, bytesRead - fingerprintBytes), bytesRead))
  generation.position += fresh.length
  return fresh
}

export function startOver(generation: Generation, tell: Tell): void {
  generation.position = 0
  generation.fingerprint = Buffer.alloc(0)
  generation.lines = splitterFor(generation.file, fileStart, tell)
}

/** Whether what was read last of `generation` stands at the same place in `other`. */
export async function holdsWhatWasRead(other: FileHandle, {position, fingerprint}: Generation): Promise<boolean> {
  const {buffer, bytesRead} = await other.read(
    Buffer.alloc(fingerprint.length),
    0,
    fingerprint.length,
    position - fingerprint.length,
  )
  return bytesRead === fingerprint.length && buffer.equals(fingerprint)
}

/** Goes on in `generation` behind what was read of its copy, if it is one. */
export async function goOnBehind(copy: Generation, generation: Generation, tell: Tell): Promise<void> {
  const {line, offset} = copy.lines.place()
  const fingerprint = await fingerprintBefore(copy.handle, offset)
  const as = {...generation, position: offset, fingerprint}
  if (fingerprint.length === 0 || !(await holdsWhatWasRead(generation.handle, as))) return
  generation.position = offset
  generation.fingerprint = fingerprint
  generation.lines = splitterFor(generation.file, {line, offset}, tell)
}

/** A handle can go bad while the file is well, as on a network file system: take a new one if it leads to the same file. */
export async function renewHandle(generation: Generation): Promise<void> {
  const handle = await open(generation.file, 'r')
  const same = identityOf(await handle.stat({bigint: true})) === generation.identity
  const unused = same ? generation.handle : handle
  if (same) generation.handle = handle
  await closeQuietly(unused)
}

export const closeGeneration = (generation: Generation): Promise<void> => closeQuietly(generation.handle)
