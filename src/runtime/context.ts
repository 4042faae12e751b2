import type {GatewayContainer} from '../domain/container.ts'
import type {Failure} from '../domain/failure.ts'
import type {GatewayConfig} from '../gateway/config.ts'
import {placesInside} from '../gateway/container/log-places.ts'
import {configFileOf, type HostEnv, type LocationOverrides, type LogPlace, logPlaces, stateDirOf} from '../gateway/paths.ts'
import {gatewayHere} from '../sources/service/gateway-here.ts'
import {readHostEnv} from '../sources/service/host-env.ts'
import {configAt, installedRelease} from '../sources/service/installed.ts'
import {serviceTmp} from '../sources/service/launchd-places.ts'
import {containerProblem} from './container-problem.ts'
import type {Options} from './options.ts'

type Remote = {url: string; fingerprint: string | null; host: string; port: number}

/** What was named takes precedence over the config. */
const remoteOf = ({url: given, logs}: Options, {remote}: GatewayConfig): Remote | null => {
  const url = URL.parse(remote?.url ?? '')
  if (remote === null || url === null || given !== null || logs.length > 0) return null
  const usual = url.protocol === 'wss:' ? 443 : 80
  return {...remote, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usual}
}

/** Which gateway is selected, and where its files are: resolved once, and passed down. */
export type GatewayContext = {
  options: Options
  overrides: LocationOverrides
  hostEnv: HostEnv
  stateDir: string
  configFile: string
  /** As the files say, but for the port, which its process or its service may know better. */
  config: GatewayConfig
  portBy: 'process' | 'environment' | 'service' | 'config'
  hasConfig: boolean
  release: string | null
  /** `--release` overrides the detected one. */
  releaseGiven: string | null
  places: LogPlace[]
  problem: Failure | null
  /** This machine's config points to a remote gateway. */
  remote: Remote | null
}

type Places = {inside: (container: GatewayContainer) => LogPlace[]; here: () => LogPlace[]}

/** Where the gateway may be in a container, and no config is here, the default folder of this host holds the log of somebody else. */
const placesOf = (options: Options, hasConfig: boolean, {inside, here}: Places): LogPlace[] => {
  if (options.container) return inside(options.container)
  return !hasConfig && containerProblem(options) ? [] : here()
}

/** Logs given by name may belong to any gateway: this host's config applies only if it is given, too. */
export const trustedProxiesOf = ({options, config, remote}: GatewayContext): readonly string[] => {
  const {logs, configFile, stateDir, profile} = options
  const isOurs = logs.length === 0 || configFile !== null || stateDir !== null || profile !== null
  return isOurs && remote === null ? config.trustedProxies : []
}

export const resolveContext = (options: Options): GatewayContext => {
  const hostEnv = readHostEnv()
  const named: LocationOverrides = {stateDir: options.stateDir, configFile: options.configFile, profile: options.profile}
  const here = gatewayHere(named, hostEnv)
  const overrides = here.configFile === null ? named : {...named, configFile: here.configFile}
  const configFile = configFileOf(overrides, hostEnv)
  const {config: written, exists, uid, problem} = configAt(configFile)
  const config = here.port === null ? written : {...written, port: here.port.number}
  const release = options.release ?? installedRelease(hostEnv.env['PATH'] ?? '') ?? config.release
  return {
    options,
    overrides,
    hostEnv,
    stateDir: stateDirOf(overrides, hostEnv),
    configFile,
    config,
    portBy: here.port?.by ?? 'config',
    hasConfig: exists,
    release,
    releaseGiven: options.release,
    places: placesOf(options, exists, {
      inside: container => placesInside(container, config.logFile, overrides),
      here: () => logPlaces(config.logFile, release, overrides, hostEnv, uid, serviceTmp(overrides, hostEnv)),
    }),
    problem,
    remote: remoteOf(options, config),
  }
}
