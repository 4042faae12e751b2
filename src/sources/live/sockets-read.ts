import fs from 'node:fs'
import {readLsof} from '../../gateway/service/socket-lsof.ts'
import {accountsIn, readProcNet} from '../../gateway/service/socket-proc.ts'
import {programsIn} from '../../gateway/service/socket-program.ts'
import type {SocketEnd} from '../../gateway/service/socket-table.ts'
import {queryProgram} from '../run-process.ts'
import {socketOwners, socketsOf} from './sockets-owners.ts'

type SocketCache = {
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
const createSocketCache = (root: string): SocketCache => {
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

/** `costMs`: what it took of a core, where that is less than the time that passed. */
export type SocketReading = {ends: SocketEnd[]; costMs?: number} | {problem: string}
export type SocketReader = (port: number) => Promise<SocketReading>

/** Empty where the file cannot be read. */
export const textOf = (file: string): string => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const spentSince = (before: NodeJS.CpuUsage): number => {
  const {user, system} = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Linux tells all connections, and of our own processes which holds which. */
export const procReader = (root = '/proc'): SocketReader => {
  const owners = socketOwners(root)
  const cache = createSocketCache(root)
  const uid = process.getuid?.() ?? null
  let accounts: Map<number, string> | null = null
  const isOurs = (end: SocketEnd): boolean => uid === 0 || end.uid === uid
  return async port => {
    const before = process.cpuUsage()
    const sign = cache.sign()
    const cached = cache.recall(sign)
    if (cached) return {ends: cached, costMs: spentSince(before)}
    const texts = [`${root}/net/tcp`, `${root}/net/tcp6`].map(textOf)
    if (texts.every(text => text === '')) return {problem: `${root}/net/tcp cannot be read`}
    const ends = texts.flatMap(text => readProcNet(text, port))
    await owners.find(ends.flatMap(end => (end.inode !== null && isOurs(end) ? [end.inode] : [])))
    accounts ??= accountsIn(textOf('/etc/passwd'))
    const names = accounts
    const owned = ends.map(end => {
      const owner = end.inode === null ? null : owners.of(end.inode)
      const user = end.inode === null || end.uid === null ? null : (names.get(end.uid) ?? String(end.uid))
      return {...end, user, pid: owner?.pid ?? null, process: owner?.process ?? null}
    })
    cache.keep(sign, owned)
    return {ends: owned, costMs: spentSince(before)}
  }
}

export type Env = Readonly<Record<string, string | undefined>>

/** `lsof` ends with 1 when it has found nothing, and when it could not see everything. */
export const lsofAt = async (port: number, env: Env, more: readonly string[] = [], timeoutMs = 5000): Promise<SocketReading> => {
  const {stdout, problem} = await queryProgram(['lsof', ...more, '-nP', `-iTCP:${port}`, '-F', 'pcnLuT'], {env, timeoutMs})
  return problem === null ? {ends: readLsof(stdout)} : {problem}
}

/** The whole names of processes by `ps`, which is asked once for each that is new. */
export const processNames = (env: Env): ((ends: readonly SocketEnd[]) => Promise<SocketEnd[]>) => {
  let names = new Map<number, string>()
  return async ends => {
    const pids = new Set(ends.flatMap(({pid}) => (pid === null ? [] : [pid])))
    const newPids = [...pids].filter(pid => !names.has(pid))
    const listing =
      newPids.length === 0
        ? ''
        : (await queryProgram(['ps', '-ww', '-o', 'pid=,args=', '-p', newPids.join(',')], {env, timeoutMs: 5000})).stdout
    names = new Map([...names, ...programsIn(listing)].filter(([pid]) => pids.has(pid)))
    return ends.map(end => ({...end, process: names.get(end.pid ?? 0) ?? end.process}))
  }
}

/** What has `lsof` alone. */
export const lsofReader = (env: Env = process.env): SocketReader => {
  const named = processNames(env)
  return async port => {
    const found = await lsofAt(port, env)
    return 'problem' in found ? found : {ends: await named(found.ends)}
  }
}
