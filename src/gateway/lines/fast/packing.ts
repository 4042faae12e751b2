import type {LogEvent} from '../../../domain/attempts/event.ts'
import {dayMs} from '../../../domain/durations.ts'
import {isMoment} from '../timestamp.ts'
import {type Chunk, findTemplate} from './cache.ts'
import {countLike, type HistoryReading, readUncached} from './history-reader.ts'
import {instantiate, type LineTemplate, timestampOf} from './template.ts'
import {createValueSpans, maxValues, type ValueSpans} from './trie.ts'

/**
 * What some bytes of a log tell, small enough to be handed from thread to thread: of a line like an earlier one the number
 * of what those lines tell, its own number, its time and the places of its values; any other is marked, and what it tells is beside.
 */
export type Packed = {
  numbers: Int32Array
  others: readonly LogEvent[]
  /** What lines tell that were not met before, numbered from there on; what had these numbers is forgotten. */
  freshFrom: number
  fresh: readonly LineTemplate[]
}

/** A pack that is being filled. */
export type Packer = {templateNumbers: Map<LineTemplate, number>; fresh: LineTemplate[]; into: Int32Array; at: number}

/** In memory that threads share: nothing is copied when it is handed over. */
export const roomForNumbers = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(count * 4))

export const createPacker = (): Packer => ({templateNumbers: new Map(), fresh: [], into: roomForNumbers(0), at: 0})

const other = -1
const maxTemplates = 1 << 13
const minNumbers = 1 << 13
const [perOther, perLine] = [2, 4]
const maxPerLine = perLine + maxValues * 2

/** The time is the last of a line's values that tell something, and it is packed as it was read. */
const spanCountOf = ({time}: LineTemplate): number => time

const numberOf = ({templateNumbers, fresh}: Packer, template: LineTemplate): number => {
  const before = templateNumbers.get(template)
  if (before !== undefined) return before
  const number = templateNumbers.size
  templateNumbers.set(template, number)
  fresh.push(template)
  return number
}

const makeRoom = (packer: Packer): void => {
  if (packer.at + maxPerLine <= packer.into.length) return
  const wider = roomForNumbers(Math.max(minNumbers, packer.into.length * 2))
  wider.set(packer.into)
  packer.into = wider
}

const writeHeader = (packer: Packer, number: number, line: number): void => {
  makeRoom(packer)
  packer.into[packer.at] = number
  packer.into[packer.at + 1] = line
  packer.at += 2
}

const writeTime = (packer: Packer, time: number): void => {
  packer.into[packer.at] = Math.floor(time / dayMs)
  packer.into[packer.at + 1] = time % dayMs
  packer.at += 2
}

const writeSpans = (packer: Packer, spans: ValueSpans, count: number): void => {
  for (let i = 0; i < count; i += 1) packer.into[packer.at + i] = spans[i]!
  packer.at += count
}

/** Packs a line like an earlier one; gives back what any other tells, if anything. */
export const packLine = (packer: Packer, reading: HistoryReading, chunk: Chunk, start: number, end: number): LogEvent | null => {
  const {cache, line} = reading
  const kind = findTemplate(cache, chunk, start, end)
  if (typeof kind === 'object' && kind.event === null) {
    countLike(reading, kind)
    return null
  }
  const at = typeof kind === 'object' ? timestampOf(kind, chunk.bytes, cache.spans) : Number.NaN
  if (typeof kind === 'object' && isMoment(at)) {
    countLike(reading, kind)
    writeHeader(packer, numberOf(packer, kind), line)
    writeTime(packer, at)
    writeSpans(packer, cache.spans, spanCountOf(kind))
    return null
  }
  const events = readUncached(reading, kind, chunk, start, end)
  if (events) writeHeader(packer, other, line)
  return events
}

/** What was packed, with what the others tell; the packer is empty then. */
export const takePacked = (packer: Packer, others: readonly LogEvent[]): Packed => {
  const {templateNumbers, fresh, into, at} = packer
  const numbers = into.subarray(0, at)
  packer.at = 0
  packer.fresh = []
  const freshFrom = templateNumbers.size - fresh.length
  if (templateNumbers.size > maxTemplates) templateNumbers.clear()
  return {numbers, others, freshFrom, fresh}
}

/** What the lines of all packs so far tell, by number. */
export type Unpacker = {templates: LineTemplate[]; places: ValueSpans}

export const createUnpacker = (): Unpacker => ({templates: [], places: createValueSpans()})

type Line = {readonly template: LineTemplate; readonly numbers: Int32Array; readonly at: number}

const unpackLine = ({template, numbers, at}: Line, spans: ValueSpans, bytes: Buffer, file: string): LogEvent | null => {
  const from = {file, line: numbers[at + 1]!}
  const time = numbers[at + 2]! * dayMs + numbers[at + 3]!
  for (let i = 0; i < spanCountOf(template); i += 1) spans[i] = numbers[at + perLine + i]!
  return instantiate(template, bytes, spans, from, time)
}

/** What the lines of some bytes tell, in their order. */
export const unpack = ({templates, places: spans}: Unpacker, pack: Packed, bytes: Buffer, file: string): LogEvent[] => {
  const {numbers, others, freshFrom, fresh} = pack
  templates.splice(freshFrom, Infinity, ...fresh)
  const events: LogEvent[] = []
  let next = 0
  for (let at = 0; at < numbers.length; ) {
    const template = templates[numbers[at]!]
    const one = template ? unpackLine({template, numbers, at}, spans, bytes, file) : others[next++]
    if (one) events.push(one)
    at += template ? perLine + spanCountOf(template) : perOther
  }
  return events
}
