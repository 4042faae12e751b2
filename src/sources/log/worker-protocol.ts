import type {MessagePort} from 'node:worker_threads'
import type {LogTally} from '../../domain/log-source.ts'
import type {Packed} from '../../gateway/lines/fast/packing.ts'

/** What a reading thread hands over: a chunk in shared memory and what its lines tell, its end, or why it stopped. */
export type WorkerMessage =
  | {bytes: Uint8Array; pack: Packed; flag: number}
  | {end: true; tally: LogTally}
  | {because: string; code: string | undefined}

/** `flags`: how many were handed over, then for each room whether its chunk is still being looked at. */
export type WorkerRequest = {reads: string; now: number; port: MessagePort; flags: Int32Array}

export const slotCount = 8

export const createFlags = (): Int32Array => new Int32Array(new SharedArrayBuffer((1 + slotCount) * 4))

export const flagIndex = (nth: number): number => 1 + (nth % slotCount)
