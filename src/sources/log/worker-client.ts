import fs from 'node:fs'
import {availableParallelism} from 'node:os'
import {MessageChannel, type MessagePort, receiveMessageOnPort, Worker} from 'node:worker_threads'
import type {LogEvent} from '../../domain/attempts/event.ts'
import {createTally} from '../../domain/log-source.ts'
import {createUnpacker, unpack} from '../../gateway/lines/fast/packing.ts'
import {backlog} from './backlog.ts'
import {createFlags, type WorkerMessage, type WorkerRequest} from './worker-protocol.ts'

/** A program of its own, since it needs little of this one and is to start soon; beside this one as it is installed, or as source. */
const readingThread = (): URL => new URL(`./reading-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

/** Waits without turning to anything else: until the whole log is read there is nothing else to do. */
const nextFrom = (port: MessagePort, flags: Int32Array, timeoutMs: number): WorkerMessage | null => {
  for (;;) {
    const before = Atomics.load(flags, 0)
    const received = receiveMessageOnPort(port)
    if (received) return received.message
    if (Atomics.wait(flags, 0, before, timeoutMs) === 'timed-out') return null
  }
}

function* withoutFirst(count: number, batches: Iterable<LogEvent[]>): Generator<LogEvent[]> {
  let left = count
  for (const batch of batches) {
    if (batch.length > left) yield batch.slice(left)
    left = Math.max(0, left - batch.length)
  }
}

const startWorker = (program: URL, order: WorkerRequest): Worker => {
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
export function* readInWorker(
  file: string,
  now: number,
  {program = readingThread(), patienceMs: timeoutMs = 10_000, tally = createTally(file)} = {},
): Generator<LogEvent[]> {
  const {port1, port2} = new MessageChannel()
  const flags = createFlags()
  const thread = startWorker(program, {reads: file, now, port: port2, flags})
  const unpacker = createUnpacker()
  let yielded = 0
  try {
    for (;;) {
      const message = nextFrom(port1, flags, timeoutMs)
      if (message === null) {
        Object.assign(tally, createTally(file))
        return yield* withoutFirst(yielded, backlog(file, now, {tally}))
      }
      if ('because' in message) throw Object.assign(new Error(message.because), {code: message.code})
      if ('end' in message) {
        Object.assign(tally, message.tally)
        return
      }
      const {buffer, byteOffset, length} = message.bytes
      const events = unpack(unpacker, message.pack, Buffer.from(buffer, byteOffset, length), file)
      Atomics.store(flags, message.flag, 0)
      Atomics.notify(flags, message.flag)
      yielded += events.length
      yield events
    }
  } finally {
    port1.close()
    void thread.terminate()
  }
}

const worthIt = 32 * 1024 * 1024

/** Another thread costs a tenth of a second and some memory, which a short log is not worth. */
export function* readLarge(file: string, now: number, {tally = createTally(file)} = {}): Generator<LogEvent[]> {
  const isLong = availableParallelism() > 1 && fs.statSync(file).size >= worthIt
  yield* isLong ? readInWorker(file, now, {tally}) : backlog(file, now, {tally})
}
