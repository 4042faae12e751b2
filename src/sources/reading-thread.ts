import fs from 'node:fs'
import module from 'node:module'
import {availableParallelism} from 'node:os'
import {MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData} from 'node:worker_threads'
import type {Told} from '../domain/event.ts'
import {newPacker, newUnpacker, type Packed, packed, packLine, roomForNumbers, unpacked} from '../gateway/packed-lines.ts'
import {backlog, placeIn, readChunk, roomFor, wholeLines} from './backlog.ts'

/** What a reading thread hands over: a chunk in shared memory and what its lines tell, its end, or why it stopped. */
type Handed = {bytes: Uint8Array; pack: Packed; flag: number} | {end: true} | {because: string; code: string | undefined}

/** `flags`: how many were handed over, then for each room whether its chunk is still being looked at. */
type Order = {reads: string; now: number; port: MessagePort; flags: Int32Array}

const rooms = 4
const flagOf = (nth: number): number => 1 + (nth % rooms)

const handOver = ({port, flags}: Order, handed: Handed): void => {
  port.postMessage(handed)
  Atomics.add(flags, 0, 1)
  Atomics.notify(flags, 0)
}

/** A chunk of the file, and what is packed of it: in turn, since the other thread looks at one while the next is filled. */
type Room = {bytes: Buffer; numbers: Int32Array}

const sharedRoom = (held: number): Room => ({
  bytes: Buffer.from(new SharedArrayBuffer(roomFor(held))),
  numbers: roomForNumbers(0),
})

const readAll = (order: Order): void => {
  const {reads, now, flags} = order
  const place = placeIn(reads, now)
  const packer = newPacker()
  const inTurn: Room[] = []
  let asked = 0
  let room = sharedRoom(0)
  const nextRoom = (held: number): Buffer => {
    const nth = asked++
    Atomics.wait(flags, flagOf(nth), 1)
    const before = inTurn[nth % rooms]
    room = before && held <= before.bytes.length / 2 ? before : sharedRoom(held)
    inTurn[nth % rooms] = room
    return room.bytes
  }
  for (const bytes of wholeLines(reads, Infinity, nextRoom)) {
    const others: Told[] = []
    packer.into = room.numbers
    readChunk(bytes, place, others, (_, chunk, start, end) => packLine(packer, place, chunk, start, end))
    room.numbers = packer.into
    const flag = flagOf(asked - 1)
    Atomics.store(flags, flag, 1)
    handOver(order, {bytes, pack: packed(packer, others), flag})
  }
}

const isOrder = (data: unknown): data is Order => typeof data === 'object' && data !== null && 'reads' in data

/** In the thread itself: reads the file that it was started for. */
export const readAsOrdered = (): void => {
  if (!isOrder(workerData)) return
  try {
    readAll(workerData)
    handOver(workerData, {end: true})
  } catch (error) {
    const {message, code} = error as NodeJS.ErrnoException
    handOver(workerData, {because: message, code})
  }
}

/** This program once more: as it is installed, which starts from what was compiled before, or as its source. */
const ourselves = (): URL => new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../bin/gatecrab.js', import.meta.url)

/** Waits without turning to anything else: until the whole log is read there is nothing else to do. */
const nextFrom = (port: MessagePort, flags: Int32Array, patienceMs: number): Handed | null => {
  for (;;) {
    const before = Atomics.load(flags, 0)
    const received = receiveMessageOnPort(port)
    if (received) return received.message
    if (Atomics.wait(flags, 0, before, patienceMs) === 'timed-out') return null
  }
}

function* withoutFirst(count: number, batches: Iterable<Told[]>): Generator<Told[]> {
  let left = count
  for (const batch of batches) {
    if (batch.length > left) yield batch.slice(left)
    left = Math.max(0, left - batch.length)
  }
}

const started = (program: URL, order: Order): Worker => {
  // What was compiled for this thread need not be compiled for the other one: that would cost time, and 20 MB.
  module.flushCompileCache()
  const thread = new Worker(program, {
    workerData: order,
    transferList: [order.port],
    resourceLimits: {maxYoungGenerationSizeMb: 4},
  })
  thread.unref()
  // One that fails falls silent, and is done without.
  thread.on('error', () => {})
  return thread
}

/** What a file tells, as `backlog` gives it; its lines are recognised in a thread beside this one, while it is not silent. */
export function* backlogBeside(file: string, now: number, program = ourselves(), patienceMs = 10_000): Generator<Told[]> {
  const {port1, port2} = new MessageChannel()
  const flags = new Int32Array(new SharedArrayBuffer((1 + rooms) * 4))
  const thread = started(program, {reads: file, now, port: port2, flags})
  const unpacker = newUnpacker()
  let given = 0
  try {
    for (;;) {
      const handed = nextFrom(port1, flags, patienceMs)
      if (handed === null) return yield* withoutFirst(given, backlog(file, now))
      if ('because' in handed) throw Object.assign(new Error(handed.because), {code: handed.code})
      if ('end' in handed) return
      const {buffer, byteOffset, length} = handed.bytes
      const told = unpacked(unpacker, handed.pack, Buffer.from(buffer, byteOffset, length), file)
      Atomics.store(flags, handed.flag, 0)
      Atomics.notify(flags, handed.flag)
      given += told.length
      yield told
    }
  } finally {
    port1.close()
    void thread.terminate()
  }
}

const worthIt = 32 * 1024 * 1024

/** Another thread costs a tenth of a second and some memory, which a short log is not worth. */
export function* longBacklog(file: string, now: number): Generator<Told[]> {
  const isLong = availableParallelism() > 1 && fs.statSync(file).size >= worthIt
  yield* isLong ? backlogBeside(file, now) : backlog(file, now)
}
