import {filesOf} from '../sources/log/log-files.ts'
import {type Command, type ExitCode, isProblem} from './command.ts'
import {runDemo} from './demo.ts'
import type {Flags, Given} from './flags.ts'
import {fleetCheck} from './fleet/fleet-check.ts'
import {fleetIn, hostFlags} from './fleet/fleet-flags.ts'
import {containerProblem} from './known/container-problem.ts'
import {glance} from './known/glance.ts'
import {whereOf} from './known/where.ts'
import {recallPlans} from './plans/plan-found.ts'
import {alertFault, alertFlag} from './screen/alert.ts'
import {liveFeed} from './screen/live-feed.ts'
import {clockOf, liveOptions} from './screen/live-options.ts'
import {runFleetScreen, runScreen} from './screen/screen.ts'
import {isInteractive} from './screen/terminal.ts'
import {complain} from './told/output.ts'

const flags = {
  since: {value: 'T', about: 'count from then on (default 24h)'},
  ...hostFlags,
  ...alertFlag,
} satisfies Flags

/** A gateway that has never been here leaves neither a config nor a log. */
const hasGateway = (given: Given): boolean => {
  if (given.list('log').length > 0 || given.text('url') !== null || given.container) return true
  const where = whereOf(given)
  return where.hasConfig || where.places.some(place => filesOf(place).length > 0)
}

const run = async (given: Given): Promise<ExitCode> => {
  const fleet = fleetIn(given)
  if (isProblem(fleet)) return complain(fleet)
  if (fleet) return isInteractive(given) ? runFleetScreen(given, fleet) : fleetCheck(given, fleet)
  const fault = alertFault(given)
  if (fault !== null) return complain({title: fault, tryThis: alertFlag.alert.about, from: 'you'})
  const inContainer = containerProblem(given)
  if (!hasGateway(given) && inContainer) return complain(inContainer)
  if (!hasGateway(given)) return runDemo(given, 'No OpenClaw gateway was found on this host, so this is the built-in demo.')
  if (!isInteractive(given)) return glance(given)
  const {opening, feed} = liveOptions(given)
  return runScreen(given, opening, (store, lend) => {
    const leaving = new AbortController()
    const live = liveFeed(feed, store, lend)
    if (feed.gateway) recallPlans(given, whereOf(given), store, leaving.signal)
    const end = (): void => {
      leaving.abort()
      live.end()
    }
    return {...live, end, now: clockOf(given)}
  })
}

export const watch: Command = {
  words: 'watch',
  about: 'the screen, on the gateway of this host (what plain gatecrab does)',
  flags,
  run,
}
