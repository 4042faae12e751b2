import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {whyNotSent} from '../../domain/live/listener.ts'
import {
  type FileProblem,
  mainSupervisor,
  type OwnedFile,
  type PortHolder,
  type ServiceFacts,
  type Supervisor,
} from '../../domain/service/service.ts'
import type {HostEnv, LocationOverrides} from '../../gateway/paths.ts'
import {readExposure} from '../../gateway/service/config.ts'
import {differenceOf} from '../../gateway/service/env.ts'
import {listed} from '../../gateway/service/socket-table.ts'
import {accountName} from '../account-names.ts'
import {textIfReadable} from '../files.ts'
import {type GatewayAddress, proveGateway} from '../live/gateway-proof.ts'
import {socketReader} from '../live/sockets-mac.ts'
import {processStartOf} from '../process-start.ts'
import {plainEnv, queryProgram} from '../run-process.ts'
import {includesOf} from './installed.ts'
import {launchdFound} from './launchd.ts'
import {isSecretName, type ServiceReading, shellCommand, type Unasked} from './managed.ts'
import {systemdFound} from './systemd.ts'

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
  const {stdout} = await queryProgram(['ps', '-ww', '-o', 'ppid=,uid=,comm=', '-p', String(pid)], {env: plainEnv(env)})
  const [, parent, uid, runtime] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/m.exec(stdout) ?? []
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
const holdersOf = async (address: GatewayAddress, hostEnv: HostEnv): Promise<{holders: PortHolder[]; unasked: Unasked[]}> => {
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

/** A file, and whether secrets stand in it. */
type FileCheck = {what: string; path: string; isSecret: boolean}

const fileProblemOf = (mode: number, uid: number, gatewayUid: number | null, isSecret: boolean): FileProblem | null => {
  // No owner bars root: in a container it is the usual account, beside files of whoever mounted them.
  const isBarred = gatewayUid !== null && gatewayUid !== 0 && uid !== gatewayUid
  if (isBarred && (uid !== 0 || isSecret)) return 'other-owner'
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return 'others-can-write'
  return isSecret && (mode & 0o044) !== 0 ? 'others-can-read' : null
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** Owner and mode of each file that is there, measured by the account that the gateway runs under. */
export const ownedFiles = async (wishes: readonly FileCheck[], gatewayUid: number | null): Promise<OwnedFile[]> => {
  const found = await Promise.all(
    wishes.map(async ({what, path, isSecret}): Promise<OwnedFile | null> => {
      const stat = await fs.stat(path).catch(() => null)
      if (stat === null) return null
      const isReadable = await fs.access(path, fs.constants.R_OK).then(
        () => true,
        () => false,
      )
      const fileProblem = isReadable ? fileProblemOf(stat.mode, stat.uid, gatewayUid, isSecret) : 'unreadable'
      return {
        what,
        path,
        uid: stat.uid,
        owner: accountName(stat.uid) ?? String(stat.uid),
        mode: octal(stat.mode),
        problem: fileProblem,
      }
    }),
  )
  return found.filter(one => one !== null)
}

type ServiceQuery = {
  overrides: LocationOverrides
  hostEnv: HostEnv
  stateDir: string
  configFile: string
  port: number
  /** How the gateway is proven; by its port on this host where nobody says. */
  address?: GatewayAddress
  /** Where the gateway's log is, where that is known. */
  logFiles?: readonly string[]
}

const supervisedBy = ({overrides, hostEnv}: ServiceQuery): Promise<ServiceReading> => {
  if (hostEnv.platform === 'darwin') return launchdFound(overrides, hostEnv)
  if (hostEnv.platform === 'linux') return systemdFound(overrides, hostEnv)
  return Promise.resolve({managed: [], unasked: [{tool: 'the service', because: 'not told on this system'}]})
}

const isPlist = (file: string): boolean => file.endsWith('.plist')

const filesToCheck = ({stateDir, configFile, logFiles = []}: ServiceQuery, supervisors: readonly Supervisor[]): FileCheck[] => [
  {what: 'state', path: stateDir, isSecret: false},
  {what: 'config', path: configFile, isSecret: true},
  {what: 'env', path: path.join(stateDir, '.env'), isSecret: true},
  {what: 'credentials', path: path.join(stateDir, 'credentials'), isSecret: true},
  ...supervisors.flatMap(({file, alsoFiles, variables, secretFiles}): FileCheck[] => {
    const isAnySecret = variables.some(isSecretName)
    // launchd wants its plist readable by others, and the folder of the account's agents is closed to them.
    return [file, ...alsoFiles].flatMap(one => {
      if (one === null) return []
      return [{what: 'service', path: one, isSecret: secretFiles?.includes(one) ?? (isAnySecret && !isPlist(one))}]
    })
  }),
  ...logFiles.map(file => ({what: 'log', path: file, isSecret: false})),
]

/** Who runs the gateway, with what, and under which account. Everything is only looked at. */
export const readService = async (query: ServiceQuery): Promise<ServiceFacts> => {
  const {hostEnv, configFile, stateDir, port} = query
  const address = query.address ?? {host: '127.0.0.1', port, ownedBy: [configFile, stateDir]}
  const [{managed, unasked}, ports, shell, config] = await Promise.all([
    supervisedBy(query),
    holdersOf(address, hostEnv),
    shellCommand(hostEnv.env['PATH'] ?? ''),
    textIfReadable(configFile),
  ])
  const supervisors = managed.map(({supervisor}) => supervisor)
  const {holders} = ports
  const main = mainSupervisor({supervisors, holders})
  const variables = managed.find(({supervisor}) => supervisor === main)?.variables
  // Without a proven process the folder of the gateway tells whose it is, not whoever runs this.
  const owner = await fs.stat(stateDir).then(
    ({uid}) => uid,
    () => hostEnv.uid,
  )
  const gatewayUid = holders.find(({uid}) => uid !== null)?.uid ?? owner
  return {
    at: Date.now(),
    supervisors,
    unasked: [...unasked, ...ports.unasked],
    holders,
    port,
    shell,
    kernel: hostEnv.platform === 'darwin' ? os.release() : null,
    bootedAt: Date.now() - os.uptime() * 1000,
    environment: variables ? differenceOf(variables, hostEnv.env) : null,
    exposure: config === null ? null : readExposure(config, includesOf(configFile)),
    files: await ownedFiles(filesToCheck(query, supervisors), gatewayUid),
  }
}
