import fs from 'node:fs'
import type {Readable} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import type {LogEvent, LogLine} from '../../domain/attempts/event.ts'
import {applyLine} from '../../domain/world/apply-line.ts'
import {createWorld, type World} from '../../domain/world/world.ts'
import {readLogLine} from '../../gateway/lines/log-line.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {backlog} from './backlog.ts'
import {filesOf} from './files.ts'
import {isSystemError} from './follow-events.ts'
import type {LinePlace} from './line-splitter.ts'
import {linesBefore} from './lines-before.ts'
import {pipedLines} from './piped-lines.ts'

const writtenSince = (file: string, since: number): boolean => {
  try {
    return fs.statSync(file).mtimeMs >= since
  } catch {
    return false
  }
}

/** An archive that cannot be read is passed over: the others still tell. */
function* readable(batches: Iterable<LogEvent[]>): Generator<LogEvent[]> {
  try {
    yield* batches
  } catch (error) {
    if (!isSystemError(error)) throw error
  }
}

type HistoryMore = {
  /** The port whose sockets alone count; null where all do. */
  ownPort?: number | null
  /** The console of a container. */
  console?: Readable | null
  /** Each line that tells something, also from before. */
  onLine?: (line: LogEvent) => void
  /** How much of the bytes of all files has been read, from 0 to 1; after each chunk. */
  onProgress?: (share: number) => void
}

const sizeOf = (file: string): number => {
  try {
    return fs.statSync(file).size
  } catch {
    return 0
  }
}

/** The log's events from before live reading began, one chunk per turn to keep the keys responsive. */
export const readHistory = async (
  places: readonly LogPlace[],
  starts: ReadonlyMap<string, number>,
  since: number,
  signal: AbortSignal,
  trustedProxies: readonly string[],
  {ownPort = null, console = null, onLine = () => {}, onProgress = () => {}}: HistoryMore = {},
): Promise<World | null> => {
  const world = createWorld({}, trustedProxies, ownPort)
  const files = places.flatMap(filesOf).filter(file => writtenSince(file, since))
  const bytes = new Map(files.map(file => [file, Math.min(sizeOf(file), starts.get(file) ?? Infinity)]))
  const allBytes = [...bytes.values()].reduce((sum, size) => sum + size, 0)
  let readBytes = 0
  for (const file of files) {
    const onRead = (read: number): void => onProgress(Math.min(1, (readBytes + read) / allBytes))
    for (const lines of readable(backlog(file, Date.now(), {upTo: starts.get(file), onRead}))) {
      for (const line of lines) {
        onLine(line)
        if (line.at >= since) applyLine(world, line)
      }
      await turn()
      if (signal.aborted) return null
    }
    readBytes += bytes.get(file) ?? 0
  }
  if (console) await readStream(world, console, since, signal)
  return signal.aborted ? null : world
}

/** The console of a container, which is no file. */
const readStream = (world: World, stream: Readable, since: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    let lastAt = 0
    const pipe = pipedLines(stream, {
      file: 'console',
      onLines: lines => {
        for (const {file, line, raw} of lines) {
          const read = readLogLine(raw, {file, line}, lastAt, Date.now())
          lastAt = read.at
          if (read.at >= since) applyLine(world, read)
        }
      },
      onState: () => {},
      onEnd: resolve,
    })
    signal.addEventListener('abort', () => {
      pipe.close()
      resolve()
    })
  })

export type EarlierLines = {lines: LogLine[]; hasMore: boolean}

const chunkBytes = 512 * 1024

/** Reads further back each time it is asked, from the beginning of the live reading into the archives. */
export const earlierReader = (
  places: readonly LogPlace[],
  starts: ReadonlyMap<string, number>,
): (() => Promise<EarlierLines>) => {
  let files: string[] | null = null
  let cursor: LinePlace | {offset: number} | {line: number} | null = null

  const step = async (): Promise<EarlierLines> => {
    files ??= places.flatMap(filesOf)
    const file = files.at(-1)
    if (file === undefined) return {lines: [], hasMore: false}
    const start = starts.get(file)
    const found = await linesBefore(file, cursor ?? (start === undefined ? {line: Infinity} : {offset: start}), chunkBytes)
    if (!found || found.lines.length === 0) {
      files.pop()
      cursor = null
      return step()
    }
    cursor = found.cursor
    let lastAt = 0
    const lines = found.lines.map(({raw, line}) => {
      const read = readLogLine(raw, {file, line}, lastAt, Date.now())
      lastAt = read.at
      return read
    })
    return {lines, hasMore: true}
  }
  return step
}
