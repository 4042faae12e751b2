import {clean} from '../../domain/clean.ts'
import type {Address} from '../../domain/live/socket.ts'
import {plainHost} from '../../domain/live/socket.ts'
import type {SocketEnd} from './socket-table.ts'

const states: Readonly<Record<string, SocketEnd['state']>> = {LISTEN: 'listening', ESTABLISHED: 'open'}

/** `127.0.0.1.5173`, `*.65193`, `::1.18789`: the port stands behind the last dot. */
const readDotted = (text: string): Address | null => {
  const [, host, port] = /^(.+)\.(\d+|\*)$/.exec(text) ?? []
  return host === undefined ? null : {host: plainHost(clean(host.replace(/%.*/, ''), 255)), port: Number(port) || 0}
}

type Holder = {pid: number; process: string | null}

/** macOS 26 writes `name:pid`, older ones `pid` and `epid`; how many columns stand before it is told by the heading alone. */
const holderReader = (heading: string): ((columns: string) => Holder | null) | null => {
  const names = heading
    .slice(heading.indexOf('(state)') + '(state)'.length)
    .trim()
    .split(/\s+/)
  const [named, numbered] = [names.indexOf('process:pid'), names.indexOf('pid')]
  if (named >= 0) {
    const form = new RegExp(`^(?:\\d+\\s+){${named}}(\\S.*?):(\\d+)\\s+[0-9a-f]+\\s`)
    return columns => {
      const [, process, pid] = form.exec(columns) ?? []
      return process === undefined ? null : {pid: Number(pid), process: clean(process, 60)}
    }
  }
  if (numbered < 0) return null
  return columns => {
    const pid = Number(columns.split(/\s+/)[numbered])
    return pid > 0 ? {pid, process: null} : null
  }
}

/** `netstat -anv -p tcp` of macOS: the connections of every account, also without root. Null where it is in another form. */
export const readNetstat = (text: string, port: number): SocketEnd[] | null => {
  const lines = text.split('\n')
  const heading = lines.find(line => /^Proto\s.*\(state\)/.test(line)) ?? ''
  const holderIn = holderReader(heading)
  if (holderIn === null) return null
  return lines.flatMap((line): SocketEnd[] => {
    const [, from = '', to = '', state = '', columns = ''] =
      /^tcp\d*\s+\d+\s+\d+\s+(\S+)\s+(\S+)\s+([A-Z_\d]+)\s+(.*)$/.exec(line) ?? []
    const [local, remote] = [readDotted(from), readDotted(to)]
    if (local === null || remote === null || (local.port !== port && remote.port !== port)) return []
    const holder = holderIn(columns)
    return [
      {
        ...{local, remote: state === 'LISTEN' ? null : remote, state: states[state] ?? 'closing', inode: null},
        ...{pid: holder?.pid ?? null, process: holder?.process ?? null, uid: null, user: null},
      },
    ]
  })
}
