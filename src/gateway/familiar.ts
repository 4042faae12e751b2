import type {LineRef, LogLine, Told} from '../domain/event.ts'
import {type Telling, tellingOf, toldLike} from './line-like.ts'
import {type Branch, follow, grow, mostValues, newTree, noPlaces, type Part, type Places, viewOf} from './line-tree.ts'
import {type Values, valuesIn, withOtherValues} from './line-values.ts'
import {readPlainLine} from './plain-line.ts'

/** `seen` until such a line comes again; `strange` where the trial failed. */
type Leaf = Telling | 'seen' | 'strange'

/**
 * What was read before. A log says the same few things over and over, with other ids and times: to see that a line is
 * like an earlier one takes a tenth of the time of reading it.
 */
export type Memory = {root: Branch<Leaf>; leaves: number; places: Places}

export const noMemory = (): Memory => ({root: newTree(), leaves: 0, places: noPlaces()})

const mostLeaves = 4096

/** Some bytes of a log, and the same by the four. */
export type Chunk = {bytes: Buffer; view: DataView}

export const chunkOf = (bytes: Buffer): Chunk => ({bytes, view: viewOf(bytes)})

/** What a line tells that is like an earlier one; null where none is. */
export const recalled = ({root, places}: Memory, chunk: Chunk, start: number, end: number, from: LineRef): Told | null => {
  const leaf = follow(root, chunk.bytes, chunk.view, start, end, places)
  return leaf === null || leaf === 'seen' || leaf === 'strange' ? null : toldLike(leaf, chunk.bytes, places, from)
}

type Read = (raw: string) => LogLine

/** In a text of latin1, a letter is a byte. */
const asBytes = (raw: string): Buffer => Buffer.from(raw, 'latin1')

const partsOf = (raw: string, values: Values): Part[] => {
  const bytes = asBytes(raw)
  const parts = values.map(({form, start}, i): Part => ({constant: bytes.subarray(values[i - 1]?.end ?? 0, start), form}))
  const end = values.at(-1)?.end ?? 0
  return [...parts, {constant: bytes.subarray(end, end + 1), form: null}]
}

/** Of a line with other values it must tell what reading that line tells: then no value was taken for another. */
const isTrue = (telling: Telling, {root, places}: Memory, raw: string, read: Read): boolean => {
  const {bytes, view} = chunkOf(asBytes(raw))
  if (follow(root, bytes, view, 0, bytes.length, places) === null) return false
  const {at, from, event} = read(bytes.toString('utf8'))
  return JSON.stringify(toldLike(telling, bytes, places, from)) === JSON.stringify({at, from, event})
}

const tried = (memory: Memory, raw: string, values: Values, line: LogLine, read: Read): Leaf => {
  const telling = tellingOf(line.event, values)
  return isTrue(telling, memory, withOtherValues(raw, values), read) ? telling : 'strange'
}

const forgetAll = (memory: Memory): void => {
  memory.root = newTree()
  memory.leaves = 0
}

/** Tried at the second sight: strangers whose every line is another cost no more than a look. */
export const learn = (memory: Memory, {bytes}: Chunk, start: number, end: number, line: LogLine, read: Read): void => {
  if (memory.leaves >= mostLeaves) forgetAll(memory)
  const raw = bytes.toString('latin1', start, end)
  const values = readPlainLine(raw) === null ? [] : valuesIn(raw)
  if (values.length === 0 || values.length > mostValues) return
  const branch = grow(memory.root, partsOf(raw, values))
  if (branch === null || branch.leaf === 'strange') return
  if (branch.leaf === null) memory.leaves += 1
  branch.leaf = branch.leaf === null ? 'seen' : tried(memory, raw, values, line, read)
}
