import {workerData} from 'node:worker_threads'
import type {LogEvent} from '../../domain/attempts/event.ts'
import type {LogTally} from '../../domain/log-source.ts'
import {createPacker, packLine, roomForNumbers, takePacked} from '../../gateway/lines/fast/packing.ts'
import {createReadPosition, readChunk, roomFor, wholeLines} from './backlog.ts'
import {flagIndex, slotCount, type WorkerMessage, type WorkerRequest} from './worker-protocol.ts'

const postToMain = ({port, flags}: WorkerRequest, message: WorkerMessage): void => {
  port.postMessage(message)
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

const readAll = (order: WorkerRequest): LogTally => {
  const {reads, now, flags} = order
  const place = createReadPosition(reads, now)
  const packer = createPacker()
  let asked = 0
  let room = sharedRoom(firstBytes)
  const inTurn = [room]
  const nextRoom = (carried: number): Buffer => {
    const nth = asked++
    Atomics.wait(flags, flagIndex(nth), 1)
    const before = inTurn[nth % slotCount]
    room = before && carried <= before.bytes.length / 2 ? before : sharedRoom(roomFor(carried))
    inTurn[nth % slotCount] = room
    return room.bytes
  }
  for (const bytes of wholeLines(reads, Infinity, nextRoom)) {
    const others: LogEvent[] = []
    packer.into = room.numbers
    readChunk(bytes, place, others, (_, chunk, start, end) => packLine(packer, place, chunk, start, end))
    room.numbers = packer.into
    const flag = flagIndex(asked - 1)
    Atomics.store(flags, flag, 1)
    postToMain(order, {bytes, pack: takePacked(packer, others), flag})
  }
  return place.tally
}

/** The program of the thread: reads the file that it was started for. */
try {
  postToMain(workerData, {end: true, tally: readAll(workerData)})
} catch (error) {
  const {message, code} = error as NodeJS.ErrnoException
  postToMain(workerData, {because: message, code})
}
