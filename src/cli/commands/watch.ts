import {containerProblem} from '../../runtime/container-problem.ts'
import {resolveContext} from '../../runtime/context.ts'
import {clockOf, liveOptions} from '../../runtime/live-options.ts'
import {resumePlans} from '../../runtime/plans/resume.ts'
import {liveFeed} from '../../runtime/watchers/live.ts'
import {filesOf} from '../../sources/log/files.ts'
import {alertFlag, invalidAlert} from '../../tui/terminal/alert.ts'
import {isInteractive} from '../../tui/terminal/terminal.ts'
import {type Command, type ExitCode, isFailure} from '../command.ts'
import {fleetCheck} from '../fleet/check.ts'
import {fleetIn, hostFlags} from '../fleet/flags.ts'
import type {Args, Flags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {printSummary} from '../print/summary.ts'
import {runDemo} from './demo.ts'
import {runFleetScreen, runScreen} from './screen.ts'

const flags = {
  since: {value: 'T', about: 'count from then on (default 24h)'},
  ...hostFlags,
  ...alertFlag,
} satisfies Flags

/** A gateway that has never been here leaves neither a config nor a log. */
const hasGateway = (args: Args): boolean => {
  if (args.values('log').length > 0 || args.value('url') !== null || args.container) return true
  const context = resolveContext(args)
  return context.hasConfig || context.places.some(place => filesOf(place).length > 0)
}

const run = async (args: Args): Promise<ExitCode> => {
  const fleet = fleetIn(args)
  if (isFailure(fleet)) return printFailure(fleet)
  if (fleet) return isInteractive(args) ? runFleetScreen(args, fleet) : fleetCheck(args, fleet)
  const invalid = invalidAlert(args)
  if (invalid !== null) return printFailure({title: invalid, tryThis: alertFlag.alert.about, from: 'you'})
  const inContainer = containerProblem(args)
  if (!hasGateway(args) && inContainer) return printFailure(inContainer)
  if (!hasGateway(args)) return runDemo(args, 'No OpenClaw gateway was found on this host, so this is the built-in demo.')
  if (!isInteractive(args)) return printSummary(args)
  const {opening, feed} = liveOptions(args)
  return runScreen(args, opening, (store, lend) => {
    const leaving = new AbortController()
    const live = liveFeed(feed, store, lend)
    if (feed.gateway) resumePlans(args, resolveContext(args), store, leaving.signal)
    const end = (): void => {
      leaving.abort()
      live.end()
    }
    return {...live, end, now: clockOf(args)}
  })
}

export const watch: Command = {
  words: 'watch',
  about: 'the screen, on the gateway of this host (what plain gatecrab does)',
  flags,
  run,
}
