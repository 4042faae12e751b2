import type {MessagePort} from 'node:worker_threads'
import type {LogTally} from '../../domain/log-tally.ts'
import type {Packed} from '../../gateway/lines/packed-lines.ts'

/** What a reading thread hands over: a chunk in shared memory and what its lines tell, its end, or why it stopped. */
export type Handed =
  | {bytes: Uint8Array; pack: Packed; flag: number}
  | {end: true; tally: LogTally}
  | {because: string; code: string | undefined}

/** `flags`: how many were handed over, then for each room whether its chunk is still being looked at. */
export type Order = {reads: string; now: number; port: MessagePort; flags: Int32Array}

export const rooms = 8

export const newFlags = (): Int32Array => new Int32Array(new SharedArrayBuffer((1 + rooms) * 4))

export const flagOf = (nth: number): number => 1 + (nth % rooms)
