import fs from 'node:fs/promises'
import type {Surroundings} from '../../gateway/paths.ts'
import {printedBy} from './token-program.ts'

/** Who listens on the gateway's port. */
export type Holder = {pid: number; command: string}

const read = async (file: string): Promise<string> => {
  try {
    return await fs.readFile(file, 'utf8')
  } catch {
    return ''
  }
}

const listening = '0A'

/** The sockets that listen on a port, by inode: the second column is the local address, the fourth the state. */
const inodesOn = async (port: number): Promise<Set<string>> => {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read))
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = tables.flatMap(table => table.split('\n').slice(1)).map(row => row.trim().split(/\s+/))
  return new Set(
    rows.flatMap(([, local = '', , state, , , , , , inode]) =>
      state === listening && local.endsWith(`:${wanted}`) && inode !== undefined ? [inode] : [],
    ),
  )
}

const holds = async (pid: string, inodes: ReadonlySet<string>): Promise<boolean> => {
  try {
    for (const fd of await fs.readdir(`/proc/${pid}/fd`)) {
      const link = await fs.readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
      if (inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '')) return true
    }
  } catch {}
  return false
}

const onLinux = async (port: number): Promise<Holder | null> => {
  const inodes = await inodesOn(port)
  if (inodes.size === 0) return null
  const pids = await fs.readdir('/proc').then(
    names => names.filter(name => /^\d+$/.test(name)),
    () => [],
  )
  const found = await Promise.all(pids.map(async pid => ((await holds(pid, inodes)) ? pid : null)))
  const pid = found.find(one => one !== null)
  return pid === undefined || pid === null ? null : {pid: Number(pid), command: (await read(`/proc/${pid}/comm`)).trim()}
}

const elsewhere = async (port: number, around: Surroundings): Promise<Holder | null> => {
  const told = await printedBy('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], around)
  const pid = Number(/^p(\d+)$/m.exec(told ?? '')?.[1])
  return pid > 0 ? {pid, command: /^c(.*)$/m.exec(told ?? '')?.[1] ?? ''} : null
}

export const holderOf = (port: number, around: Surroundings): Promise<Holder | null> =>
  around.platform === 'linux' ? onLinux(port) : elsewhere(port, around)
