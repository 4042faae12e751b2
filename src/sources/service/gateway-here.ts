import fs from 'node:fs'
import path from 'node:path'
import {
  configFileOf,
  type HostEnv,
  type LocationOverrides,
  namedConfigFile,
  stateDirOf,
  systemdUnit,
} from '../../gateway/paths.ts'
import {portFlag, readUnit, type StartCommand, type UnitPart} from '../../gateway/service/files.ts'
import {listenersIn} from '../../gateway/service/socket-proc.ts'
import {readText, textIfReadable} from '../files.ts'
import {socketsOf} from '../live/sockets-owners.ts'
import {livingLock} from './gateway-lock.ts'
import {plistsOf, startedBy} from './launchd-places.ts'

/** The TCP ports on which a process listens, lowest first: a gateway's own is the first, what it serves beside are above it. */
export const listeningPorts = (pid: number): number[] => {
  const inodes = new Set(socketsOf('/proc', pid) ?? [])
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file => listenersIn(textIfReadable(file) ?? ''))
  const ports = rows.flatMap(({inode, port}) => (inodes.has(inode) ? [port] : []))
  return [...new Set(ports)].toSorted((a, b) => a - b)
}

/** What is said of the gateway by itself and by its service, which wins over what the default files say. */
type GatewayHere = {
  /** Null where the default one, or the one that the operator named, is meant. */
  configFile: string | null
  port: {number: number; by: 'process' | 'environment' | 'service'} | null
}

const realFile = (file: string): string => {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

const partOf = (file: string): UnitPart[] => {
  try {
    return [{path: file, text: readText(file)}]
  } catch {
    return []
  }
}

const dropInsOf = (unit: string): UnitPart[] => {
  try {
    const names = fs.readdirSync(`${unit}.d`).filter(name => name.endsWith('.conf'))
    return names.toSorted().flatMap(name => partOf(path.join(`${unit}.d`, name)))
  } catch {
    return []
  }
}

const ofUnit = (overrides: LocationOverrides, hostEnv: HostEnv): StartCommand | null => {
  const {name, file} = systemdUnit(overrides, hostEnv)
  const folders = [path.dirname(file), '/etc/systemd/user', '/etc/systemd/system']
  const unit = folders.map(folder => path.join(folder, name)).find(one => fs.existsSync(one))
  if (unit === undefined) return null
  const {args, variables} = readUnit([...partOf(unit), ...dropInsOf(unit)], hostEnv.home)
  return {args, variables: new Map(variables.map(({key, value}) => [key, value]))}
}

const ofService = (overrides: LocationOverrides, hostEnv: HostEnv): StartCommand | null => {
  if (hostEnv.platform === 'linux') return ofUnit(overrides, hostEnv)
  const [plist] = hostEnv.platform === 'darwin' ? plistsOf(overrides, hostEnv) : []
  return plist === undefined ? null : startedBy(plist.file, hostEnv)
}

const asPort = (text: string | undefined): number | null => {
  const port = Number(text?.trim())
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

const servicePort = ({args, variables}: StartCommand): number | null =>
  portFlag(args) ?? asPort(variables.get('OPENCLAW_GATEWAY_PORT')?.reveal())

const portOf = (lock: {pid: number; port: number | null} | null): number | null =>
  lock === null ? null : (lock.port ?? listeningPorts(lock.pid)[0] ?? null)

/** Nothing is asked: the lock file of a running gateway, the files of its service, and this environment are read. */
export const gatewayHere = (overrides: LocationOverrides, hostEnv: HostEnv): GatewayHere => {
  const named = namedConfigFile(overrides, hostEnv)
  const usual = configFileOf(overrides, hostEnv)
  const lock = livingLock(stateDirOf(overrides, hostEnv), usual, hostEnv)
  const own = named === null || (lock !== null && realFile(lock.configFile) === realFile(named)) ? lock : null
  const service = ofService(overrides, hostEnv)
  const serviceConfig = service?.variables.get('OPENCLAW_CONFIG_PATH')?.reveal().trim() || null
  const configFile = named === null ? (own?.configFile ?? serviceConfig) : null
  const ports = [
    {number: portOf(own), by: 'process'},
    {number: asPort(hostEnv.env['OPENCLAW_GATEWAY_PORT']), by: 'environment'},
    {number: service === null || named !== null ? null : servicePort(service), by: 'service'},
  ] as const
  const port = ports.flatMap(({number, by}) => (number === null ? [] : [{number, by}]))[0] ?? null
  return {configFile: configFile === null || realFile(configFile) === realFile(usual) ? null : configFile, port}
}
