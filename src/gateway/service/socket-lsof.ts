import {clean} from '../../domain/clean.ts'
import {readAddress} from '../../domain/live/socket.ts'
import type {SocketEnd} from './socket-table.ts'

const maxNameLength = 60

type Holder = {pid: number; process: string | null; uid: number | null; user: string | null}
type Open = {name: string; state: string | null}

const states: Readonly<Record<string, SocketEnd['state']>> = {LISTEN: 'listening', ESTABLISHED: 'open'}

const endOf = (holder: Holder, {name, state}: Open): SocketEnd | null => {
  const [from = '', to] = name.split('->')
  const local = readAddress(from)
  const remote = to === undefined ? null : readAddress(to)
  if (local === null) return null
  return {...holder, local, remote, state: states[state ?? ''] ?? (remote ? 'closing' : 'listening'), inode: null}
}

/** `lsof -F`: a letter and its value a line; `p` begins a process, a name or a descriptor begins a file of it. */
export const readLsof = (text: string): SocketEnd[] => {
  const ends: SocketEnd[] = []
  let holder: Holder = {pid: 0, process: null, uid: null, user: null}
  let open = null as Open | null
  const finish = (): void => {
    const end = open && endOf(holder, open)
    if (end) ends.push(end)
    open = null
  }
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    switch (line[0]) {
      case 'p':
        finish()
        holder = {pid: Number(value), process: null, uid: null, user: null}
        break
      case 'c':
        holder = {...holder, process: clean(value.replace(/\\x20/g, ' '), maxNameLength)}
        break
      case 'u':
        holder = {...holder, uid: Number(value)}
        break
      case 'L':
        holder = {...holder, user: clean(value, maxNameLength)}
        break
      case 'f':
        finish()
        break
      case 'n':
        finish()
        open = {name: value, state: null}
        break
      case 'T':
        if (open && value.startsWith('ST=')) open = {...open, state: value.slice(3)}
        break
    }
  }
  finish()
  return ends
}
