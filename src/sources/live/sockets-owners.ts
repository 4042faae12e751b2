import fs from 'node:fs'
import {setImmediate as breathe} from 'node:timers/promises'
import {programOf} from '../../gateway/service/socket-program.ts'

type Process = {pid: number; process: string | null}

const pidsIn = (root: string): number[] => {
  try {
    return fs
      .readdirSync(root)
      .map(Number)
      .filter(pid => pid > 0)
      .toSorted((a, b) => b - a)
  } catch {
    return []
  }
}

const textOf = (file: string): string | null => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const nameOf = (root: string, pid: number): string | null => {
  const argv = (textOf(`${root}/${pid}/cmdline`) ?? '').split('\0')
  return programOf(argv, textOf(`${root}/${pid}/comm`)?.trim() ?? null)
}

/** The sockets of a process, by inode; null where it is gone, or somebody else's. */
export const socketsOf = (root: string, pid: number): string[] | null => {
  try {
    return fs.readdirSync(`${root}/${pid}/fd`).flatMap(fd => {
      const target = linkOf(`${root}/${pid}/fd/${fd}`)
      return target.startsWith('socket:[') ? [target.slice(8, -1)] : []
    })
  } catch {
    return null
  }
}

const linkOf = (file: string): string => {
  try {
    return fs.readlinkSync(file)
  } catch {
    return ''
  }
}

const sliceMs = 4
const maxLooks = 3

export type SocketOwners = {
  /** Finds who holds these sockets; what is known already is not looked for again. */
  find: (inodes: readonly string[]) => Promise<void>
  of: (inode: string) => Process | null
}

/** Sockets to processes by `/proc/PID/fd`. Whoever held one before is looked at first, then the youngest processes. */
export const socketOwners = (root: string): SocketOwners => {
  let ownersByInode = new Map<string, {owner: Process | null; looks: number}>()
  let likely = new Set<number>()

  const retain = (inodes: readonly string[]): void => {
    const remaining = new Set(inodes)
    ownersByInode = new Map([...ownersByInode].filter(([inode]) => remaining.has(inode)))
    likely = new Set([...ownersByInode.values()].flatMap(({owner}) => (owner ? [owner.pid] : [])).concat([...likely].slice(-20)))
  }
  const look = async (openInodes: Set<string>): Promise<void> => {
    let began = performance.now()
    for (const pid of new Set([...likely, ...pidsIn(root)])) {
      if (openInodes.size === 0) return
      const owned = socketsOf(root, pid)?.filter(inode => openInodes.has(inode)) ?? []
      const owner = owned.length > 0 ? {pid, process: nameOf(root, pid)} : null
      for (const inode of owned) {
        ownersByInode.set(inode, {owner, looks: 0})
        openInodes.delete(inode)
      }
      if (owner) likely.add(pid)
      if (performance.now() - began < sliceMs) continue
      await breathe()
      began = performance.now()
    }
  }
  return {
    find: async inodes => {
      retain(inodes)
      const openInodes = new Set(
        inodes.filter(inode => (ownersByInode.get(inode)?.looks ?? 1) > 0 && (ownersByInode.get(inode)?.looks ?? 0) < maxLooks),
      )
      if (openInodes.size === 0) return
      await look(openInodes)
      for (const inode of openInodes) ownersByInode.set(inode, {owner: null, looks: (ownersByInode.get(inode)?.looks ?? 0) + 1})
    },
    of: inode => ownersByInode.get(inode)?.owner ?? null,
  }
}
