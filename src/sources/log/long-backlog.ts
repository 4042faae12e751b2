import fs from 'node:fs'
import {availableParallelism} from 'node:os'
import {MessageChannel, type MessagePort, receiveMessageOnPort, Worker} from 'node:worker_threads'
import type {Told} from '../../domain/attempts/event.ts'
import {createTally} from '../../domain/log-tally.ts'
import {newUnpacker, unpacked} from '../../gateway/lines/packed-lines.ts'
import {backlog} from './backlog.ts'
import {type Handed, newFlags, type Order} from './handed.ts'

/** A program of its own, since it needs little of this one and is to start soon; beside this one as it is installed, or as source. */
const readingThread = (): URL => new URL(`./reading-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

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
  const thread = new Worker(program, {
    workerData: order,
    transferList: [order.port],
    resourceLimits: {maxYoungGenerationSizeMb: 8},
  })
  thread.unref()
  // One that fails falls silent, and is done without.
  thread.on('error', () => {})
  return thread
}

/** What a file tells, as `backlog` gives it; its lines are recognised in a thread beside this one, while it is not silent. */
export function* backlogBeside(
  file: string,
  now: number,
  {program = readingThread(), patienceMs = 10_000, tally = createTally(file)} = {},
): Generator<Told[]> {
  const {port1, port2} = new MessageChannel()
  const flags = newFlags()
  const thread = started(program, {reads: file, now, port: port2, flags})
  const unpacker = newUnpacker()
  let given = 0
  try {
    for (;;) {
      const handed = nextFrom(port1, flags, patienceMs)
      if (handed === null) {
        Object.assign(tally, createTally(file))
        return yield* withoutFirst(given, backlog(file, now, {tally}))
      }
      if ('because' in handed) throw Object.assign(new Error(handed.because), {code: handed.code})
      if ('end' in handed) {
        Object.assign(tally, handed.tally)
        return
      }
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
export function* longBacklog(file: string, now: number, {tally = createTally(file)} = {}): Generator<Told[]> {
  const isLong = availableParallelism() > 1 && fs.statSync(file).size >= worthIt
  yield* isLong ? backlogBeside(file, now, {tally}) : backlog(file, now, {tally})
}
