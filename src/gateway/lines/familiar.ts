import type {LogLine, Told} from '../../domain/attempts/event.ts'
import {type Telling, tellingOf, timeLike, toldLike} from './line-like.ts'
import {follow, grow, mostValues, newTree, noPlaces, type Part, type Places, type Tree, viewOf} from './line-tree.ts'
import {type Values, valuesIn, withOtherValues} from './line-values.ts'
import {readPlainLine} from './plain-line.ts'

/** `seen` until such a line comes again; `strange` where the trial failed. */
export type Kind = Telling | 'seen' | 'strange'

/**
 * What was read before. A log says the same few things over and over, with other ids and times: to see that a line is
 * like an earlier one takes a tenth of the time of reading it.
 */
export type Memory = {tree: Tree; kinds: Kind[]; places: Places}

export const noMemory = (): Memory => ({tree: newTree(), kinds: [], places: noPlaces()})

const mostKinds = 4096

/** Some bytes of a log, the same by the four, and where the next connection is named, as far as that is known. */
export type Chunk = {bytes: Buffer; view: DataView; nextId: number}

export const chunkOf = (bytes: Buffer): Chunk => ({bytes, view: viewOf(bytes), nextId: -1})

const idKey = Buffer.from(' conn=')

/** Whether a line names a connection; asked of one line after the other, each byte is looked at once. */
export const hasId = (chunk: Chunk, start: number, end: number): boolean => {
  if (chunk.nextId < start) {
    const at = chunk.bytes.indexOf(idKey, start)
    chunk.nextId = at < 0 ? Number.POSITIVE_INFINITY : at
  }
  return chunk.nextId < end
}

/** What is known of lines like this one; of those that tell something, the places of its values are filled in. */
export const kindOf = ({tree, kinds, places}: Memory, {bytes, view}: Chunk, start: number, end: number): Kind | undefined =>
  kinds[follow(tree, bytes, view, start, end, places)]

type Read = (raw: string) => LogLine

/** In a text of latin1, a letter is a byte. */
const asBytes = (raw: string): Buffer => Buffer.from(raw, 'latin1')

const behindText = '","_meta":{'

/** What stands behind the text is the same in many lines whose texts are not. */
const cut = ({constant, form}: Part): Part[] => {
  const at = constant.indexOf(behindText)
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

const saidBy = (told: Told | null): string => JSON.stringify(told, (key, value) => (key === 'isShared' ? undefined : value))

/** Of a line with other values it must tell what reading that line tells: then no value was taken for another. */
const isTrue = (telling: Telling, {tree, places}: Memory, raw: string, read: Read): boolean => {
  const {bytes, view} = chunkOf(asBytes(raw))
  if (follow(tree, bytes, view, 0, bytes.length, places) < 0) return false
  const {at, from, event} = read(bytes.toString('utf8'))
  return saidBy(toldLike(telling, bytes, places, from, timeLike(telling, bytes, places))) === saidBy({at, from, event})
}

const tried = (memory: Memory, raw: string, values: Values, line: LogLine, read: Read): Kind => {
  const telling = tellingOf(line, raw, values)
  return isTrue(telling, memory, withOtherValues(raw, values), read) ? telling : 'strange'
}

const forgetAll = (memory: Memory): void => {
  memory.tree = newTree()
  memory.kinds = []
}

/** Tried at the second sight: strangers whose every line is another cost no more than a look. */
export const learn = (memory: Memory, {bytes}: Chunk, start: number, end: number, line: LogLine, read: Read): void => {
  if (memory.kinds.length >= mostKinds) forgetAll(memory)
  const raw = bytes.toString('latin1', start, end)
  const values = readPlainLine(raw) === null ? [] : valuesIn(raw)
  if (values.length === 0 || values.length > mostValues) return
  const number = grow(memory.tree, partsOf(raw, values))
  const kind = memory.kinds[number]
  if (number < 0 || kind === 'strange') return
  memory.kinds[number] = kind === undefined ? 'seen' : tried(memory, raw, values, line, read)
}
