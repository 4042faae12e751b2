import {isFailure} from '../../domain/failure.ts'
import {containerProblem} from '../../runtime/container-problem.ts'
import type {GatewayContext} from '../../runtime/context.ts'
import {clockOf, liveOptions} from '../../runtime/live-options.ts'
import {resumePlans} from '../../runtime/plans/resume.ts'
import {liveFeed} from '../../runtime/watchers/live.ts'
import {filesOf} from '../../sources/log/files.ts'
import type {Command, ExitCode, Locate} from '../command.ts'
import {fleetCheck} from '../fleet/check.ts'
import {fleetIn, hostFlags} from '../fleet/flags.ts'
import {isInteractive} from '../interactive.ts'
import {alertFlags, invalidAlert, invalidOnChange} from '../on-change/flags.ts'
import type {Args, Flags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {inMarkdown} from '../print/report-text.ts'
import {printSummary} from '../print/summary.ts'
import {runDemo} from './demo.ts'
import {runFleetScreen, runScreen} from './screen.ts'

const flags = {
  since: {value: 'T', about: 'count from then on (default 24h)'},
  ...hostFlags,
  ...alertFlags,
} satisfies Flags

/** A gateway that has never been here leaves neither a config nor a log. */
const hasGateway = ({options, hasConfig, places}: GatewayContext): boolean =>
  options.logs.length > 0 ||
  options.url !== null ||
  options.container !== null ||
  hasConfig ||
  places.some(place => filesOf(place).length > 0)

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const fleet = await fleetIn(args)
  if (isFailure(fleet)) return printFailure(fleet)
  const invalid = invalidOnChange(args, fleet !== null) ?? (fleet === null ? invalidAlert(args) : null)
  if (invalid) return printFailure(invalid)
  if (fleet) return isInteractive(args) ? runFleetScreen(args, fleet) : fleetCheck(args, fleet)
  const context = await locate()
  const inContainer = containerProblem(context.options)
  if (!hasGateway(context) && inContainer) return printFailure(inContainer)
  if (!hasGateway(context)) return runDemo(args, 'No OpenClaw gateway was found on this host, so this is the built-in demo.')
  if (!isInteractive(args)) return printSummary(context)
  const {opening, feed} = liveOptions(context)
  return runScreen(args, opening, (store, services) => {
    const leaving = new AbortController()
    const watcher = liveFeed(feed, store, {...services, reportText: inMarkdown})
    if (feed.gateway) resumePlans(context, store, leaving.signal)
    const end = (): void => {
      leaving.abort()
      watcher.end()
    }
    return {...watcher, end, now: clockOf(context.options)}
  })
}

export const watch: Command = {
  words: 'watch',
  about: 'the screen, on the gateway of this host (what plain gatecrab does)',
  flags,
  run,
}
