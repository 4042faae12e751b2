import {clean} from '../../domain/clean.ts'
import {plainHost} from '../../domain/live/socket.ts'
import type {SocketEnd} from './socket-table.ts'

const states: Readonly<Record<string, SocketEnd['state']>> = {'01': 'open', '0A': 'listening'}

const byte = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)

/** The kernel writes each 32 bits of an address in the order of the machine, which is the reverse here. */
const bytesOf = (hex: string): number[] =>
  Array.from({length: hex.length / 2}, (_, i) => byte(hex, (Math.floor(i / 4) * 4 + 3 - (i % 4)) * 2))

const pairOf = (bytes: readonly number[], i: number): string => (((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16)

export const hostOf = (hex: string): string => {
  const bytes = bytesOf(hex)
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every(one => one === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return bytes.slice(12).join('.')
  const long = Array.from({length: 8}, (_, i) => pairOf(bytes, i * 2)).join(':')
  return plainHost(URL.parse(`http://[${long}]`)?.hostname ?? long)
}

/** Lines of `/proc/net/tcp` and `tcp6` in which the port stands, at either end; the rest is not even split. */
const linesWith = (port: number): RegExp => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return new RegExp(
    `^ *\\d+: (?=\\S+:${hex} |\\S+ \\S+:${hex} )([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) \\S+ \\S+ \\S+ +(\\d+) +\\d+ +(\\d+)`,
    'gm',
  )
}

const endOf = ([
  ,
  local = '',
  localPort = '',
  remote = '',
  remotePort = '',
  state = '',
  uid = '',
  inode = '',
]: string[]): SocketEnd => ({
  local: {host: hostOf(local), port: Number.parseInt(localPort, 16)},
  remote: state === '0A' ? null : {host: hostOf(remote), port: Number.parseInt(remotePort, 16)},
  state: states[state] ?? 'closing',
  inode,
  uid: Number(uid),
  pid: null,
  process: null,
  user: null,
})

/** Sockets in TIME_WAIT have no owner: the kernel gives them no inode. */
export const readProcNet = (text: string, port: number): SocketEnd[] =>
  Array.from(text.matchAll(linesWith(port)), match => endOf([...match])).filter(({inode}) => inode !== '0')

/** Every listener of `/proc/net/tcp` and `tcp6`. */
export const listenersIn = (text: string): {port: number; inode: string}[] =>
  Array.from(
    text.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ +(\d+)/gm),
    ([, port = '', inode = '']) => ({port: Number.parseInt(port, 16), inode}),
  )

/** `/etc/passwd`: the number of an account to its name. */
export const accountsIn = (passwd: string): Map<number, string> =>
  new Map(
    passwd.split('\n').flatMap(line => {
      const [name, , uid] = line.split(':')
      return name && uid ? [[Number(uid), clean(name, 60)] as const] : []
    }),
  )
