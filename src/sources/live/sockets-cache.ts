import type {SocketEnd} from '../../gateway/service/socket-table.ts'
import {socketsOf} from './sockets-owners.ts'

export type SocketCache = {
  /** The sockets of the process that listens, by what was read last; null where that is not known. */
  sign: () => string | null
  /** What was read last, where that is still so. */
  recall: (sign: string | null) => SocketEnd[] | null
  /** `sign` is from before the reading, for somebody may have come while it was read. */
  keep: (sign: string | null, ends: SocketEnd[]) => void
}

const staleMs = 30_000

const listener = (ends: readonly SocketEnd[]): number | null => {
  const pids = new Set(ends.flatMap(({state, pid}) => (state === 'listening' ? [pid] : [])))
  const [pid = null] = pids
  return pids.size === 1 ? pid : null
}

/** The list of all connections is long; the sockets of the one process that listens tell for less that nothing has changed. */
export const createSocketCache = (root: string): SocketCache => {
  let pid: number | null = null
  let last: {sign: string; ends: SocketEnd[]; at: number} | null = null
  return {
    sign: () => (pid === null ? null : (socketsOf(root, pid)?.join() ?? null)),
    recall: sign => (last !== null && sign === last.sign && performance.now() - last.at < staleMs ? last.ends : null),
    keep: (sign, ends) => {
      pid = listener(ends)
      last = sign === null ? null : {sign, ends, at: performance.now()}
    },
  }
}
