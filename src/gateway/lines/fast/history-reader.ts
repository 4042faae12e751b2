import type {LogEvent, LogLine} from '../../../domain/attempts/event.ts'
import {countOdd, type LogTally} from '../../../domain/log-source.ts'
import {countLine, readLogLine, recordOf} from '../log-line.ts'
import {
  type CacheEntry,
  type Chunk,
  createTemplateCache,
  findTemplate,
  hasId,
  type TemplateCache,
  trainTemplate,
} from './cache.ts'
import {mayHoldEvent} from './prefilter.ts'
import {instantiate, type LineTemplate, timestampOf} from './template.ts'

/** A long log that is being read, and the number of the line in hand. */
export type HistoryReading = {
  readonly file: string
  line: number
  readonly now: number
  readonly cache: TemplateCache
  readonly tally: LogTally
}

export {type Chunk, chunkOf} from './cache.ts'

export const createReading = (file: string, now: number, tally: LogTally): HistoryReading => ({
  ...{file, now, tally},
  line: 0,
  cache: createTemplateCache(),
})

/** A line that matches a cached template. */
export const countLike = ({tally, line}: HistoryReading, {event, isOdd}: LineTemplate): void => {
  tally.lines += 1
  if (isOdd) countOdd(tally, line)
  else if (event && 'facts' in event) tally.connections += 1
}

/** Parses a line without the cache, and trains the cache with it. */
export const readUncached = (
  {cache, file, line, now, tally}: HistoryReading,
  entry: CacheEntry | undefined,
  chunk: Chunk,
  start: number,
  end: number,
): LogEvent | null => {
  if (entry === undefined && !mayHoldEvent(chunk.bytes, start)) {
    // Only a line that names a connection can be one whose words are not known.
    const raw = hasId(chunk, start, end) ? chunk.bytes.toString('utf8', start, end) : null
    if (raw === null) tally.lines += 1
    else countLine(tally, raw, recordOf(raw, now), null, line)
    return null
  }
  const read = (raw: string): LogLine => readLogLine(raw, {file, line}, Number.NaN, now)
  const found = readLogLine(chunk.bytes.toString('utf8', start, end), {file, line}, Number.NaN, now, tally)
  if (entry !== 'strange') trainTemplate(cache, chunk, start, end, found, read)
  return found.event && found
}

/** What a line tells, if anything, that stands in the bytes of a long log. Without a time of its own it is of no time. */
export const readHistoryLine = (reading: HistoryReading, chunk: Chunk, start: number, end: number): LogEvent | null => {
  const {cache, file, line} = reading
  const {bytes} = chunk
  const {spans: places} = cache
  const entry = findTemplate(cache, chunk, start, end)
  if (typeof entry === 'object') {
    const event = entry.event && instantiate(entry, bytes, places, {file, line}, timestampOf(entry, bytes, places))
    if (event || entry.event === null) {
      countLike(reading, entry)
      return event
    }
  }
  return readUncached(reading, entry, chunk, start, end)
}
