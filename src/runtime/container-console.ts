import type {GatewayContainer} from '../domain/container.ts'
import type {Failure} from '../domain/failure.ts'
import type {LogSource, Tallies} from '../domain/log-source.ts'
import {containerLogName, type LogFailure, type OnceRead, readContainerLog} from '../sources/container/container-log.ts'
import type {GatewayContext} from './context.ts'

/** The console of a container, read once. */
export type ConsoleRead = OnceRead & {name: string}

/** The container whose console is the gateway's log; null where files are, or where a log was named. */
export const consoleContainer = ({options, places}: GatewayContext): GatewayContainer | null =>
  options.container && places.length === 0 && options.logs.length === 0 ? options.container : null

export const readConsole = (context: GatewayContext, since: number): ConsoleRead | null => {
  const container = consoleContainer(context)
  if (container === null) return null
  const span = {since: Number.isFinite(since) ? since : null}
  return {...readContainerLog(container, span, context.hostEnv), name: containerLogName(container)}
}

/** Why it could not be read, if so. That a console says nothing in a span of time is no empty log. */
export const consoleFailure = (console: ConsoleRead | null, tallies: Tallies): LogFailure | null => {
  if (console === null) return null
  if (tallies.get(console.name)?.lines === 0) tallies.delete(console.name)
  return console.failure()
}

export const unreadConsole = (name: string, {because, tryThis}: LogFailure): LogSource => ({
  name,
  state: 'unreadable',
  because,
  tryThis,
  lastLineAt: null,
})

export const consoleProblem = (name: string, {because, tryThis}: LogFailure): Failure => ({
  title: `${name} cannot be read`,
  because,
  tryThis,
  from: 'gateway',
})
