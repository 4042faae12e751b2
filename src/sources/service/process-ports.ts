import fs from 'node:fs'
import {listenersIn} from '../../gateway/service/socket-proc.ts'
import {socketsOf} from '../live/sockets-owners.ts'

const textOf = (file: string): string => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The TCP ports on which a process listens, lowest first: a gateway's own is the first, what it serves beside are above it. */
export const listeningPorts = (pid: number): number[] => {
  const inodes = new Set(socketsOf('/proc', pid) ?? [])
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file => listenersIn(textOf(file)))
  const ports = rows.flatMap(({inode, port}) => (inodes.has(inode) ? [port] : []))
  return [...new Set(ports)].toSorted((a, b) => a - b)
}
