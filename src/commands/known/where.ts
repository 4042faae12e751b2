import type {GatewayContainer} from '../../domain/container.ts'
import type {Problem} from '../../domain/problem.ts'
import type {GatewayConfig} from '../../gateway/config.ts'
import {placesInside} from '../../gateway/container/log-places.ts'
import {configFileOf, type LogPlace, logPlaces, type Surroundings, stateDirOf, type Wanted} from '../../gateway/paths.ts'
import {gatewayHere} from '../../sources/service/gateway-here.ts'
import {configAt, installedRelease} from '../../sources/service/installed.ts'
import {serviceTmp} from '../../sources/service/launchd-places.ts'
import {surroundings} from '../../sources/service/surroundings.ts'
import type {Given} from '../flags.ts'
import {containerProblem} from './container-problem.ts'

type Remote = {url: string; fingerprint: string | null; host: string; port: number}

/** A gateway or logs that the operator names are meant before what the config says. */
const remoteOf = (given: Given, {remote}: GatewayConfig): Remote | null => {
  const url = URL.parse(remote?.url ?? '')
  if (remote === null || url === null || given.text('url') !== null || given.list('log').length > 0) return null
  const usual = url.protocol === 'wss:' ? 443 : 80
  return {...remote, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usual}
}

/** Which gateway is meant, and where its things are. */
export type Where = {
  wanted: Wanted
  around: Surroundings
  stateDir: string
  configFile: string
  /** As the files say, but for the port, which its process or its service may know better. */
  config: GatewayConfig
  portBy: 'process' | 'environment' | 'service' | 'config'
  hasConfig: boolean
  release: string | null
  /** `--release`: the operator knows better. */
  releaseGiven: string | null
  places: LogPlace[]
  problem: Problem | null
  /** The gateway that is meant is elsewhere, by this machine's own config. */
  remote: Remote | null
}

type Places = {inside: (container: GatewayContainer) => LogPlace[]; here: () => LogPlace[]}

/** Where the gateway may be in a container, and no config is here, the default folder of this host holds the log of somebody else. */
const placesOf = (given: Given, hasConfig: boolean, {inside, here}: Places): LogPlace[] => {
  if (given.container) return inside(given.container)
  return !hasConfig && containerProblem(given) ? [] : here()
}

const configFlags = ['config', 'state-dir', 'profile']

/** Logs that are named may be of any gateway: the config of this one says nothing of them, unless it is named, too. */
export const trustedProxiesOf = (given: Given, {config, remote}: Pick<Where, 'config' | 'remote'>): readonly string[] => {
  const isOurs = given.list('log').length === 0 || configFlags.some(flag => given.text(flag) !== null)
  return isOurs && remote === null ? config.trustedProxies : []
}

export const whereOf = (given: Given): Where => {
  const around = surroundings()
  const flags: Wanted = {stateDir: given.text('state-dir'), configFile: given.text('config'), profile: given.text('profile')}
  const here = gatewayHere(flags, around)
  const wanted = here.configFile === null ? flags : {...flags, configFile: here.configFile}
  const configFile = configFileOf(wanted, around)
  const {config: written, exists, uid, problem} = configAt(configFile)
  const config = here.port === null ? written : {...written, port: here.port.number}
  const release = given.text('release') ?? installedRelease(around.env['PATH'] ?? '') ?? config.release
  return {
    wanted,
    around,
    stateDir: stateDirOf(wanted, around),
    configFile,
    config,
    portBy: here.port?.by ?? 'config',
    hasConfig: exists,
    release,
    releaseGiven: given.text('release'),
    places: placesOf(given, exists, {
      inside: container => placesInside(container, config.logFile, wanted),
      here: () => logPlaces(config.logFile, release, wanted, around, uid, serviceTmp(wanted, around)),
    }),
    problem,
    remote: remoteOf(given, config),
  }
}
