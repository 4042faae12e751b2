import fs from 'node:fs'
import os from 'node:os'
import type {Opening} from '../app/state.ts'
import {parseMoment} from '../cli/moment-flags.ts'
import type {Args} from '../cli/options.ts'
import {currentTime} from '../cli/time-span.ts'
import {dayMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import {createLiveNow} from '../domain/live/live-state.ts'
import {consoleFiles, systemdUnit} from '../gateway/paths.ts'
import {filesOf} from '../sources/log/files.ts'
import type {CopyLocations} from '../sources/token/places.ts'
import {consoleContainer} from './container-console.ts'
import {containerProblem} from './container-problem.ts'
import {type GatewayContext, resolveContext, trustedProxiesOf} from './context.ts'
import {resolveTarget} from './gateway-target.ts'
import {placesToFollow} from './named-logs.ts'
import type {LiveOptions} from './watchers/live.ts'

/** The clock: ours, or one that began at `--now`. */
export const clockOf = (args: Args): (() => number) => {
  const ahead = currentTime(args) - Date.now()
  return () => Date.now() + ahead
}

const unitOf = ({overrides, hostEnv}: GatewayContext): string | null => {
  const unit = systemdUnit(overrides, hostEnv)
  return hostEnv.platform === 'linux' && fs.existsSync(unit.file) ? unit.name : null
}

/** Where no log is here and the gateway may be in a container, the first thing to know is why that is not seen. */
const unreadProblem = (args: Args, {places}: GatewayContext): Failure | null =>
  places.some(place => filesOf(place).length > 0) ? null : containerProblem(args)

const sinceOf = (args: Args): number => {
  const text = args.value('since')
  return (text === null ? null : parseMoment(text, currentTime(args))) ?? currentTime(args) - dayMs
}

export const copyLocationsOf = ({overrides, hostEnv, release, stateDir, configFile, config}: GatewayContext): CopyLocations => ({
  ...{overrides, hostEnv, release, stateDir, configFile},
  port: config.port,
})

/** What is followed of the gateway that was meant: of logs that were named, nothing but them. */
export const liveOptions = (args: Args): {opening: Opening; feed: LiveOptions} => {
  const context = resolveContext(args)
  const isNamed = args.values('log').length > 0
  const target = resolveTarget(args, context, copyLocationsOf(context))
  // The logs and copies of this host are not those of a gateway elsewhere.
  const isOurs = !isNamed && target?.isLocal === true
  return {
    opening: {
      kind: 'live',
      host: context.remote ? `${os.hostname()}, a client of ${context.remote.host}:${context.remote.port}` : os.hostname(),
      release: isNamed || isOurs ? context.release : null,
      port: target?.port ?? null,
      now: currentTime(args),
      readonly: args.flag('readonly'),
      problem: isOurs ? (context.problem ?? unreadProblem(args, context)) : null,
      readingHistory: true,
      trustedProxies: trustedProxiesOf(args, context),
      live: target && createLiveNow(process.pid),
    },
    feed: {
      places: isNamed || isOurs ? placesToFollow(args) : [],
      consoles: isOurs ? consoleFiles(context.overrides, context.hostEnv).filter(file => fs.existsSync(file)) : [],
      systemdUnit: isOurs ? unitOf(context) : null,
      piped: args.values('log').includes('-') ? process.stdin : null,
      container: isOurs ? consoleContainer(args, context) : null,
      args,
      since: sinceOf(args),
      gateway: isOurs ? copyLocationsOf(context) : null,
      target,
    },
  }
}
