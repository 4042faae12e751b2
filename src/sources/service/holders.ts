import fs from 'node:fs/promises'
import {whyNotSent} from '../../domain/live/listener.ts'
import type {PortHolder} from '../../domain/service/service.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {listed} from '../../gateway/service/socket-table.ts'
import {type GatewayAddress, proveGateway} from '../live/gateway-proof.ts'
import {socketReader} from '../live/socket-reader.ts'
import {processStartOf} from '../process-start.ts'
import {queryProgram} from './command.ts'
import type {Unasked} from './managed.ts'

type Process = {parent: number | null; uid: number | null; runtime: string | null}

const unknown: Process = {parent: null, uid: null, runtime: null}

const numberAfter = (text: string, name: string): number | null => {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

const fromProc = async (pid: number): Promise<Process> => {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const runtime = await fs.readlink(`/proc/${pid}/exe`).catch(() => null)
  return {parent: numberAfter(status, 'PPid'), uid: numberAfter(status, 'Uid'), runtime}
}

const fromPs = async (pid: number, {env}: HostEnv): Promise<Process> => {
  const {out} = await queryProgram('ps', ['-ww', '-o', 'ppid=,uid=,comm=', '-p', String(pid)], env)
  const [, parent, uid, runtime] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/m.exec(out) ?? []
  return parent === undefined ? unknown : {parent: Number(parent), uid: Number(uid), runtime: runtime || null}
}

const maxParents = 4

const holderOf = async (
  {pid, process, user, host}: {pid: number | null; process: string | null; user: string | null; host: string},
  hostEnv: HostEnv,
): Promise<PortHolder> => {
  const look = (one: number): Promise<Process> => (hostEnv.platform === 'linux' ? fromProc(one) : fromPs(one, hostEnv))
  const own = pid === null ? unknown : await look(pid)
  const parents: number[] = []
  for (let next = own.parent; next !== null && next > 0 && parents.length < maxParents; next = (await look(next)).parent)
    parents.push(next)
  const since = hostEnv.platform === 'darwin' && pid !== null ? Date.parse(`${processStartOf(pid)} UTC`) || null : undefined
  return {pid, process, user, uid: own.uid, runtime: own.runtime, parents, host, ...(since === undefined ? {} : {since})}
}

/** Who listens on the port, each process once; none of a program that is not the gateway, of which nothing may be concluded. */
export const holdersOf = async (
  address: GatewayAddress,
  hostEnv: HostEnv,
): Promise<{holders: PortHolder[]; unasked: Unasked[]}> => {
  const {port} = address
  const {verdict} = await proveGateway(address)
  if (verdict.is === 'foreign' || (verdict.is === 'unproven' && verdict.listener !== null))
    return {holders: [], unasked: [{tool: 'who listens', because: whyNotSent(verdict)}]}
  const reader = socketReader(hostEnv.platform, hostEnv.env)
  const reading = reader ? await reader(port) : {problem: 'not told on this system'}
  if ('problem' in reading) return {holders: [], unasked: [{tool: 'the sockets', because: reading.problem}]}
  const {listeners} = listed(reading.ends, port)
  const once = new Map(listeners.map(one => [one.pid ?? one.host, one]))
  return {holders: await Promise.all(Array.from(once.values(), one => holderOf(one, hostEnv))), unasked: []}
}
