import {workerData} from 'node:worker_threads'
import type {Told} from '../../domain/attempts/event.ts'
import type {LogTally} from '../../domain/log-tally.ts'
import {newPacker, packed, packLine, roomForNumbers} from '../../gateway/lines/packed-lines.ts'
import {placeIn, readChunk, roomFor, wholeLines} from './backlog.ts'
import {flagOf, type Handed, type Order, rooms} from './handed.ts'

const handOver = ({port, flags}: Order, handed: Handed): void => {
  port.postMessage(handed)
  Atomics.add(flags, 0, 1)
  Atomics.notify(flags, 0)
}

/** A chunk of the file, and what is packed of it: in turn, since the other thread looks at one while the next is filled. */
type Room = {bytes: Buffer; numbers: Int32Array}

/** The first is small: the other thread has something to do the sooner. */
const firstBytes = 1 << 16

const sharedRoom = (bytes: number): Room => ({
  bytes: Buffer.from(new SharedArrayBuffer(bytes)),
  numbers: roomForNumbers(0),
})

const readAll = (order: Order): LogTally => {
  const {reads, now, flags} = order
  const place = placeIn(reads, now)
  const packer = newPacker()
  let asked = 0
  let room = sharedRoom(firstBytes)
  const inTurn = [room]
  const nextRoom = (held: number): Buffer => {
    const nth = asked++
    Atomics.wait(flags, flagOf(nth), 1)
    const before = inTurn[nth % rooms]
    room = before && held <= before.bytes.length / 2 ? before : sharedRoom(roomFor(held))
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
  return place.tally
}

/** The program of the thread: reads the file that it was started for. */
try {
  handOver(workerData, {end: true, tally: readAll(workerData)})
} catch (error) {
  const {message, code} = error as NodeJS.ErrnoException
  handOver(workerData, {because: message, code})
}
