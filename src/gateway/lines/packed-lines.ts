import type {Told} from '../../domain/attempts/event.ts'
import {dayMs} from '../../domain/durations.ts'
import {type Chunk, kindOf} from './familiar.ts'
import {type Telling, timeLike, toldLike} from './line-like.ts'
import {mostValues, noPlaces, type Places} from './line-tree.ts'
import {countLike, type Reading, readNew} from './log-line.ts'
import {isMoment} from './moment.ts'

/**
 * What some bytes of a log tell, small enough to be handed from thread to thread: of a line like an earlier one the number
 * of what those lines tell, its own number, its time and the places of its values; any other is marked, and what it tells is beside.
 */
export type Packed = {
  numbers: Int32Array
  others: readonly Told[]
  /** What lines tell that were not met before, numbered from there on; what had these numbers is forgotten. */
  freshFrom: number
  fresh: readonly Telling[]
}

/** A pack that is being filled. */
export type Packer = {known: Map<Telling, number>; fresh: Telling[]; into: Int32Array; at: number}

/** In memory that threads share: nothing is copied when it is handed over. */
export const roomForNumbers = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(count * 4))

export const newPacker = (): Packer => ({known: new Map(), fresh: [], into: roomForNumbers(0), at: 0})

const other = -1
const mostKnown = 1 << 13
const fewest = 1 << 13
const [perOther, perLine] = [2, 4]
const mostPerLine = perLine + mostValues * 2

/** The time is the last of a line's values that tell something, and it is packed as it was read. */
const placesOf = ({time}: Telling): number => time

const numberOf = ({known, fresh}: Packer, telling: Telling): number => {
  const before = known.get(telling)
  if (before !== undefined) return before
  const number = known.size
  known.set(telling, number)
  fresh.push(telling)
  return number
}

const makeRoom = (packer: Packer): void => {
  if (packer.at + mostPerLine <= packer.into.length) return
  const wider = roomForNumbers(Math.max(fewest, packer.into.length * 2))
  wider.set(packer.into)
  packer.into = wider
}

const note = (packer: Packer, number: number, line: number): void => {
  makeRoom(packer)
  packer.into[packer.at] = number
  packer.into[packer.at + 1] = line
  packer.at += 2
}

const noteTime = (packer: Packer, time: number): void => {
  packer.into[packer.at] = Math.floor(time / dayMs)
  packer.into[packer.at + 1] = time % dayMs
  packer.at += 2
}

const notePlaces = (packer: Packer, places: Places, count: number): void => {
  for (let i = 0; i < count; i += 1) packer.into[packer.at + i] = places[i]!
  packer.at += count
}

/** Packs a line like an earlier one; gives back what any other tells, if anything. */
export const packLine = (packer: Packer, reading: Reading, chunk: Chunk, start: number, end: number): Told | null => {
  const {memory, line} = reading
  const kind = kindOf(memory, chunk, start, end)
  if (typeof kind === 'object' && kind.event === null) {
    countLike(reading, kind)
    return null
  }
  const at = typeof kind === 'object' ? timeLike(kind, chunk.bytes, memory.places) : Number.NaN
  if (typeof kind === 'object' && isMoment(at)) {
    countLike(reading, kind)
    note(packer, numberOf(packer, kind), line)
    noteTime(packer, at)
    notePlaces(packer, memory.places, placesOf(kind))
    return null
  }
  const told = readNew(reading, kind, chunk, start, end)
  if (told) note(packer, other, line)
  return told
}

/** What was packed, with what the others tell; the packer is empty then. */
export const packed = (packer: Packer, others: readonly Told[]): Packed => {
  const {known, fresh, into, at} = packer
  const numbers = into.subarray(0, at)
  packer.at = 0
  packer.fresh = []
  const freshFrom = known.size - fresh.length
  if (known.size > mostKnown) known.clear()
  return {numbers, others, freshFrom, fresh}
}

/** What the lines of all packs so far tell, by number. */
export type Unpacker = {tellings: Telling[]; places: Places}

export const newUnpacker = (): Unpacker => ({tellings: [], places: noPlaces()})

type Line = {readonly telling: Telling; readonly numbers: Int32Array; readonly at: number}

const toldBy = ({telling, numbers, at}: Line, places: Places, bytes: Buffer, file: string): Told | null => {
  const from = {file, line: numbers[at + 1]!}
  const time = numbers[at + 2]! * dayMs + numbers[at + 3]!
  for (let i = 0; i < placesOf(telling); i += 1) places[i] = numbers[at + perLine + i]!
  return toldLike(telling, bytes, places, from, time)
}

/** What the lines of some bytes tell, in their order. */
export const unpacked = ({tellings, places}: Unpacker, pack: Packed, bytes: Buffer, file: string): Told[] => {
  const {numbers, others, freshFrom, fresh} = pack
  tellings.splice(freshFrom, Infinity, ...fresh)
  const told: Told[] = []
  let next = 0
  for (let at = 0; at < numbers.length; ) {
    const telling = tellings[numbers[at]!]
    const one = telling ? toldBy({telling, numbers, at}, places, bytes, file) : others[next++]
    if (one) told.push(one)
    at += telling ? perLine + placesOf(telling) : perOther
  }
  return told
}
