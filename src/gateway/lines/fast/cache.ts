import type {LogEvent, LogLine} from '../../../domain/attempts/event.ts'
import {readPlainLine} from '../plain.ts'
import {createTemplate, instantiate, type LineTemplate, timestampOf} from './template.ts'
import {
  createTrie,
  createValueSpans,
  dataViewOf,
  insertParts,
  matchLine,
  maxValues,
  type Part,
  type TemplateTrie,
  type ValueSpans,
} from './trie.ts'
import {type Values, valuesIn, withOtherValues} from './values.ts'

/** `seen` until such a line comes again; `strange` where the trial failed. */
export type CacheEntry = LineTemplate | 'seen' | 'strange'

/**
 * What was read before. A log says the same few things over and over, with other ids and times: to see that a line is
 * like an earlier one takes a tenth of the time of reading it.
 */
export type TemplateCache = {trie: TemplateTrie; entries: CacheEntry[]; spans: ValueSpans}

export const createTemplateCache = (): TemplateCache => ({trie: createTrie(), entries: [], spans: createValueSpans()})

const maxEntries = 4096

/** Some bytes of a log, the same by the four, and where the next connection is named, as far as that is known. */
export type Chunk = {bytes: Buffer; view: DataView; nextId: number}

export const chunkOf = (bytes: Buffer): Chunk => ({bytes, view: dataViewOf(bytes), nextId: -1})

const idKey = Buffer.from(' conn=')

/** Whether a line names a connection; asked of one line after the other, each byte is looked at once. */
export const hasId = (chunk: Chunk, start: number, end: number): boolean => {
  if (chunk.nextId < start) {
    const at = chunk.bytes.indexOf(idKey, start)
    chunk.nextId = at < 0 ? Number.POSITIVE_INFINITY : at
  }
  return chunk.nextId < end
}

/** A cached template; for lines with an event, its value spans are known. */
export const findTemplate = (
  {trie, entries, spans}: TemplateCache,
  {bytes, view}: Chunk,
  start: number,
  end: number,
): CacheEntry | undefined => entries[matchLine(trie, bytes, view, start, end, spans)]

type Read = (raw: string) => LogLine

/** In a text of latin1, a letter is a byte. */
const asBytes = (raw: string): Buffer => Buffer.from(raw, 'latin1')

const afterText = '","_meta":{'

/** Many lines share the part after the text though their texts differ. */
const cut = ({constant, form}: Part): Part[] => {
  const at = constant.indexOf(afterText)
  return at <= 0
    ? [{constant, form}]
    : [
        {constant: constant.slice(0, at), form: null},
        {constant: constant.slice(at), form},
      ]
}

const partsOf = (raw: string, values: Values): Part[] => {
  const parts = values.map(({form, start}, i): Part => ({constant: raw.slice(values[i - 1]?.end ?? 0, start), form}))
  const end = values.at(-1)?.end ?? 0
  return [...parts.flatMap(cut), {constant: raw.slice(end, end + 1), form: null}]
}

const serialize = (event: LogEvent | null): string =>
  JSON.stringify(event, (key, value) => (key === 'isShared' ? undefined : value))

/** Of a line with other values it must tell what reading that line tells: then no value was taken for another. */
const verifyTemplate = (template: LineTemplate, {trie, spans}: TemplateCache, raw: string, read: Read): boolean => {
  const {bytes, view} = chunkOf(asBytes(raw))
  if (matchLine(trie, bytes, view, 0, bytes.length, spans) < 0) return false
  const {at, from, event} = read(bytes.toString('utf8'))
  return (
    serialize(instantiate(template, bytes, spans, from, timestampOf(template, bytes, spans))) === serialize({at, from, event})
  )
}

const tryTemplate = (cache: TemplateCache, raw: string, values: Values, line: LogLine, read: Read): CacheEntry => {
  const template = createTemplate(line, raw, values)
  return verifyTemplate(template, cache, withOtherValues(raw, values), read) ? template : 'strange'
}

const clearCache = (cache: TemplateCache): void => {
  cache.trie = createTrie()
  cache.entries = []
}

/** Trained on the second occurrence, so one-off lines cost only the lookup. */
export const trainTemplate = (
  cache: TemplateCache,
  {bytes}: Chunk,
  start: number,
  end: number,
  line: LogLine,
  read: Read,
): void => {
  if (cache.entries.length >= maxEntries) clearCache(cache)
  const raw = bytes.toString('latin1', start, end)
  const values = readPlainLine(raw) === null ? [] : valuesIn(raw)
  if (values.length === 0 || values.length > maxValues) return
  const number = insertParts(cache.trie, partsOf(raw, values))
  const entry = cache.entries[number]
  if (number < 0 || entry === 'strange') return
  cache.entries[number] = entry === undefined ? 'seen' : tryTemplate(cache, raw, values, line, read)
}
