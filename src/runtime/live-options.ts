import fs from 'node:fs'
import os from 'node:os'
import type {Opening} from '../app/state.ts'
import type {GatewayContainer} from '../domain/container.ts'
import {dayMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import {createLiveNow} from '../domain/live/live-state.ts'
import {consoleFiles, type LogPlace, systemdUnit} from '../gateway/paths.ts'
import {filesOf} from '../sources/log/files.ts'
import type {CopyLocations} from '../sources/token/places.ts'
import {consoleContainer} from './container-console.ts'
import {containerProblem} from './container-problem.ts'
import {type GatewayContext, trustedProxiesOf} from './context.ts'
import {type GatewayTarget, resolveTarget} from './gateway-target.ts'
import {placesToFollow} from './named-logs.ts'
import {currentTime, isPiped, type Options} from './options.ts'

/** What is followed of a gateway. */
export type LiveOptions = {
  places: readonly LogPlace[]
  consoles: readonly string[]
  systemdUnit: string | null
  piped: NodeJS.ReadStream | null
  /** Its console is the log. */
  container: GatewayContainer | null
  since: number
  /** Whose token copies to look for; null where only logs are read. */
  gateway: CopyLocations | null
  /** The gateway that is listened to; null where only logs are looked at. */
  target: GatewayTarget | null
  context: GatewayContext
}

/** The clock: ours, or one that began at `--now`. */
export const clockOf = (options: Options): (() => number) => {
  const ahead = currentTime(options) - Date.now()
  return () => Date.now() + ahead
}

const unitOf = ({overrides, hostEnv}: GatewayContext): string | null => {
  const unit = systemdUnit(overrides, hostEnv)
  return hostEnv.platform === 'linux' && fs.existsSync(unit.file) ? unit.name : null
}

/** Where no log is here and the gateway may be in a container, the first thing to know is why that is not seen. */
const unreadProblem = ({options, places}: GatewayContext): Failure | null =>
  places.some(place => filesOf(place).length > 0) ? null : containerProblem(options)

export const copyLocationsOf = ({overrides, hostEnv, release, stateDir, configFile, config}: GatewayContext): CopyLocations => ({
  ...{overrides, hostEnv, release, stateDir, configFile},
  port: config.port,
})

/** What is followed of the gateway that was meant: of logs that were named, nothing but them. */
export const liveOptions = (context: GatewayContext): {opening: Opening; feed: LiveOptions} => {
  const {options} = context
  const isNamed = options.logs.length > 0
  const target = resolveTarget(context, copyLocationsOf(context))
  // The logs and copies of this host are not those of a gateway elsewhere.
  const isOurs = !isNamed && target?.isLocal === true
  return {
    opening: {
      kind: 'live',
      host: context.remote ? `${os.hostname()}, a client of ${context.remote.host}:${context.remote.port}` : os.hostname(),
      release: isNamed || isOurs ? context.release : null,
      port: target?.port ?? null,
      now: currentTime(options),
      readonly: options.readonly,
      problem: isOurs ? (context.problem ?? unreadProblem(context)) : null,
      readingHistory: true,
      trustedProxies: trustedProxiesOf(context),
      live: target && createLiveNow(process.pid),
    },
    feed: {
      places: isNamed || isOurs ? placesToFollow(context) : [],
      consoles: isOurs ? consoleFiles(context.overrides, context.hostEnv).filter(file => fs.existsSync(file)) : [],
      systemdUnit: isOurs ? unitOf(context) : null,
      piped: isPiped(options) ? process.stdin : null,
      container: isOurs ? consoleContainer(context) : null,
      context,
      since: options.since ?? currentTime(options) - dayMs,
      gateway: isOurs ? copyLocationsOf(context) : null,
      target,
    },
  }
}
