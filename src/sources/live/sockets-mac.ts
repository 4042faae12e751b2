import {minuteMs} from '../../domain/durations.ts'
import {endpointOf} from '../../domain/live/socket.ts'
import {readNetstat} from '../../gateway/service/socket-netstat.ts'
import {accountsOf} from '../../gateway/service/socket-program.ts'
import type {SocketEnd} from '../../gateway/service/socket-table.ts'
import {queryProgram, withSystemTools} from '../run-process.ts'
import {type Env, lsofAt, lsofReader, processNames, procReader, type SocketReader, type SocketReading} from './sockets-read.ts'

/** lsof looks at every volume, those of the network too; -b keeps it from waiting in the kernel, -w from warning of that. */
const quickly = ['-b', '-w']
const lsofMs = 2500
const slowMs = 1000
/** A Mac on which lsof was slow is asked by netstat alone for so long. */
const restMs = 10 * minuteMs

const restsUntil = new Map<string, number>()

const lsofOrRest = async (port: number, env: Env): Promise<SocketReading> => {
  const key = env['PATH'] ?? ''
  if (performance.now() < (restsUntil.get(key) ?? 0)) return {problem: 'lsof was slow a moment ago'}
  const from = performance.now()
  const found = await lsofAt(port, env, quickly, lsofMs)
  if (performance.now() - from > slowMs) restsUntil.set(key, performance.now() + restMs)
  return found
}

/** netstat names no accounts; ps shows them of every process. */
const withAccounts = async (ends: readonly SocketEnd[], env: Env): Promise<SocketEnd[]> => {
  const pids = [...new Set(ends.flatMap(({pid}) => pid ?? []))]
  if (pids.length === 0) return [...ends]
  const accounts = accountsOf(
    (await queryProgram(['ps', '-ww', '-o', 'pid=,uid=,user=', '-p', pids.join(',')], {env, timeoutMs: 5000})).stdout,
  )
  return ends.map(end => ({...end, ...accounts.get(end.pid ?? 0)}))
}

const netstatAt = async (port: number, env: Env): Promise<SocketReading> => {
  const {stdout, code, problem} = await queryProgram(['netstat', '-anv', '-p', 'tcp'], {env, timeoutMs: 5000})
  if (problem !== null) return {problem}
  const ends = code === 0 ? readNetstat(stdout, port) : null
  return ends === null
    ? {problem: 'netstat gave no list of connections that is understood'}
    : {ends: await withAccounts(ends, env)}
}

const keyOf = ({local, remote}: SocketEnd): string =>
  remote === null ? `${local.host}:${local.port}` : endpointOf(local, remote)

/**
 * macOS shows lsof the processes of its own account only, and lsof says the same of a port that nobody has as of one that another account
 * has. So where it shows no listener netstat is asked, which lists the connections of all accounts. Without netstat nothing is known.
 */
export const macReader = (env: Env = process.env, uid: number | null = process.getuid?.() ?? null): SocketReader => {
  const tools = withSystemTools(env)
  const named = processNames(tools)
  const listens = (port: number, {ends}: {ends: readonly SocketEnd[]}): boolean =>
    ends.some(({state, local}) => state === 'listening' && local.port === port)
  return async port => {
    const own = await lsofOrRest(port, tools)
    if ('ends' in own && (uid === 0 || listens(port, own))) return {ends: await named(own.ends)}
    const all = await netstatAt(port, tools)
    if ('problem' in all)
      return {
        problem:
          'ends' in own
            ? `lsof shows the processes of this account only, and ${all.problem}`
            : `${own.problem}, and ${all.problem}`,
      }
    const ownEnds = 'ends' in own ? own.ends : []
    const keys = new Set(ownEnds.map(keyOf))
    return {ends: await named([...ownEnds, ...all.ends.filter(end => !keys.has(keyOf(end)))])}
  }
}

export const socketReader = (platform: NodeJS.Platform, env: Env = process.env): SocketReader | null => {
  if (platform === 'linux') return procReader()
  if (platform === 'win32') return null
  return platform === 'darwin' ? macReader(env) : lsofReader(env)
}
