import {execFile} from 'node:child_process'
import fs from 'node:fs'
import {readLsof} from '../../gateway/service/socket-lsof.ts'
import {accountsIn, readProcNet} from '../../gateway/service/socket-proc.ts'
import {programsIn} from '../../gateway/service/socket-program.ts'
import type {SocketEnd} from '../../gateway/service/socket-table.ts'
import {glanceAt} from './sockets-glance.ts'
import {socketOwners} from './sockets-owners.ts'

/** `costMs`: what it took of a core, where that is less than the time that passed. */
export type Reading = {ends: SocketEnd[]; costMs?: number} | {problem: string}
export type SocketReader = (port: number) => Promise<Reading>

const textOf = (file: string): string => {
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
  const glance = glanceAt(root)
  const uid = process.getuid?.() ?? null
  let accounts: Map<number, string> | null = null
  const isOurs = (end: SocketEnd): boolean => uid === 0 || end.uid === uid
  return async port => {
    const before = process.cpuUsage()
    const sign = glance.sign()
    const known = glance.recall(sign)
    if (known) return {ends: known, costMs: spentSince(before)}
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
    glance.keep(sign, owned)
    return {ends: owned, costMs: spentSince(before)}
  }
}

type Printed = {text: string; code: number | string | null}

type Env = Readonly<Record<string, string | undefined>>

const printed = (program: string, args: readonly string[], env: Env): Promise<Printed> =>
  new Promise(resolve => {
    const options = {env, timeout: 5000, killSignal: 'SIGKILL', maxBuffer: 4 << 20, encoding: 'utf8'} as const
    const child = execFile(program, args, options, (error, text) => resolve({text, code: error ? (error.code ?? null) : 0}))
    child.stdin?.end()
  })

const problems: Readonly<Record<string, string>> = {ENOENT: 'there is no lsof here', EACCES: 'this user may not run lsof'}

/** `lsof` ends with 1 when it has found nothing, and when it could not see everything. */
const lsofAt = async (port: number, env: Env): Promise<Reading> => {
  const {text, code} = await printed('lsof', ['-nP', `-iTCP:${port}`, '-F', 'pcnLuT'], env)
  if (typeof code === 'string') return {problem: problems[code] ?? `lsof: ${code}`}
  return code === null ? {problem: 'lsof took too long'} : {ends: readLsof(text)}
}

/** macOS and what else has `lsof`; `ps` gives whole names, once for each process that is new. */
export const lsofReader = (env: Env = process.env): SocketReader => {
  let names = new Map<number, string>()
  return async port => {
    const found = await lsofAt(port, env)
    if ('problem' in found) return found
    const pids = new Set(found.ends.flatMap(({pid}) => (pid === null ? [] : [pid])))
    const strangers = [...pids].filter(pid => !names.has(pid))
    const told =
      strangers.length === 0 ? '' : (await printed('ps', ['-ww', '-o', 'pid=,args=', '-p', strangers.join(',')], env)).text
    names = new Map([...names, ...programsIn(told)].filter(([pid]) => pids.has(pid)))
    return {ends: found.ends.map(end => ({...end, process: names.get(end.pid ?? 0) ?? end.process}))}
  }
}

export const socketReader = (platform: NodeJS.Platform, env: Env = process.env): SocketReader | null => {
  if (platform === 'linux') return procReader()
  return platform === 'win32' ? null : lsofReader(env)
}
