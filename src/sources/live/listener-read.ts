import type {Listener, ListenersSeen} from '../../domain/live/listener.ts'
import {accountsIn, readProcNet} from '../../gateway/service/socket-proc.ts'
import type {SocketEnd} from '../../gateway/service/socket-table.ts'
import {processStartOf} from '../process-start.ts'
import {macReader} from './sockets-mac.ts'
import {socketOwners} from './sockets-owners.ts'
import {lsofReader, type SocketReader, textOf} from './sockets-read.ts'

export type ListenerReader = (port: number) => Promise<ListenersSeen>

const listensOn = (port: number) => (end: SocketEnd) => end.state === 'listening' && end.local.port === port

const ticksPerSecond = 100
const startField = 19

/** The name of a process may hold spaces and brackets, so fields count from the last bracket. */
const startTicks = (root: string, pid: number): number | null => {
  const stat = textOf(`${root}/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[startField]) || null
}

const bootedAt = (root: string): number => Number(/^btime (\d+)/m.exec(textOf(`${root}/stat`))?.[1] ?? 0) * 1000

const effectiveUid = (root: string, pid: number): number | null => {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(textOf(`${root}/${pid}/status`))?.[1]
  return uid === undefined ? null : Number(uid)
}

/** Where accounts are mapped, the kernel gives every other one the number of nobody, which then names none. */
const overflowUid = (root: string): number | null =>
  /^\s*0\s+0\s+4294967295\s*$/.test(textOf(`${root}/self/uid_map`))
    ? null
    : Number(textOf(`${root}/sys/kernel/overflowuid`)) || null

/** The kernel gives the account of each socket, also of those whose process this account may not see. */
const procListeners = (root = '/proc'): ListenerReader => {
  const owners = socketOwners(root)
  const booted = bootedAt(root)
  const unmapped = overflowUid(root)
  const listenerOf = (end: SocketEnd, names: ReadonlyMap<number, string>): Listener => {
    const owner = end.inode === null ? null : owners.of(end.inode)
    const pid = owner?.pid ?? null
    const ticks = pid === null ? null : startTicks(root, pid)
    const uids = [...new Set([end.uid, pid === null ? null : effectiveUid(root, pid)].flatMap(uid => uid ?? []))]
    // The process may have dropped root, or been handed the socket: whoever answers is named.
    const uid = uids.at(-1)
    return {
      pid,
      program: owner?.process ?? null,
      uids: uids.includes(unmapped ?? -1) ? [] : uids,
      account: uid === undefined ? null : (names.get(uid) ?? String(uid)),
      since: ticks === null ? null : booted + (ticks * 1000) / ticksPerSecond,
      host: end.local.host,
      id: `${pid}:${ticks}:${end.inode}:${end.uid}`,
    }
  }
  return async port => {
    const texts = [`${root}/net/tcp`, `${root}/net/tcp6`].map(textOf)
    if (texts.every(text => text === '')) return {because: `${root}/net/tcp cannot be read`}
    const ends = texts.flatMap(text => readProcNet(text, port)).filter(listensOn(port))
    await owners.find(ends.flatMap(({inode}) => inode ?? []))
    const names = accountsIn(textOf('/etc/passwd'))
    return {listeners: ends.map(end => listenerOf(end, names))}
  }
}

/** Everything but Linux and Windows. An asterisk stands for any address. */
const listenersBy =
  (read: SocketReader): ListenerReader =>
  async port => {
    const reading = await read(port)
    if ('problem' in reading) return {because: reading.problem}
    return {
      listeners: reading.ends.filter(listensOn(port)).map(({pid, process, uid, user, local}) => {
        const began = pid === null ? null : processStartOf(pid)
        return {
          ...{pid, program: process, account: user, host: local.host === '*' ? '::' : local.host},
          uids: uid === null ? [] : [uid],
          since: Date.parse(`${began} UTC`) || null,
          id: `${pid}:${began}:${uid}:${local.host}`,
        }
      }),
    }
  }

const readerFor = (platform: NodeJS.Platform): ListenerReader => {
  if (platform === 'linux') return procListeners()
  if (platform === 'win32') return async () => ({because: 'not told on this system'})
  return listenersBy(platform === 'darwin' ? macReader() : lsofReader())
}

const readers = new Map<NodeJS.Platform, ListenerReader>()

/** Who listens on a port of this host: the one place that asks the system for it before a secret is sent. */
export const readListeners: ListenerReader = port => {
  const read = readers.get(process.platform) ?? readerFor(process.platform)
  readers.set(process.platform, read)
  return read(port)
}
