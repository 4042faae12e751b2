import {hourMs} from '../../domain/durations.ts'
import {isFailure} from '../../domain/failure.ts'
import {assessSnapshot, isNowhere, nowhereFailure} from '../../runtime/assessment.ts'
import {containerProblem} from '../../runtime/container-problem.ts'
import {takeOverview} from '../../runtime/overview.ts'
import {configCheckOptions} from '../../runtime/watchers/config.ts'
import {checkConfig} from '../../sources/config-check.ts'
import type {Command, ExitCode, Locate} from '../command.ts'
import {type FleetArgs, fleetIn, hostFlags} from '../fleet/flags.ts'
import {invalidOnChange, onChangeFlag} from '../on-change/flags.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {assessmentJson, assessmentText, codes} from '../print/assessment.ts'
import {complainOfPacked, printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'

const flags = {
  since: {value: 'T', about: 'look at the log from then on (default 1h)'},
  watch: {about: 'keep running; print what changes: in words to a terminal, else (or with --json) an NDJSON line each'},
  deep: {about: 'ask OpenClaw whether its config is valid, too: takes seconds'},
  every: {value: 'T', about: 'with --watch: a line at least that often, such as 30s'},
  json: {about: 'one JSON document'},
  ...onChangeFlag,
  ...hostFlags,
} satisfies Flags

/** Loaded only where other machines are named. */
const checkFleet = async (args: Args, fleet: FleetArgs): Promise<ExitCode> => {
  const {fleetCheck, fleetCheckWatch} = await import('../fleet/check.ts')
  return args.flag('watch') ? fleetCheckWatch(args, fleet) : fleetCheck(args, fleet)
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const fleet = await fleetIn(args)
  if (isFailure(fleet)) return printFailure(fleet)
  const invalid = invalidOnChange(args, fleet !== null, args.flag('watch'))
  if (invalid) return printFailure(invalid)
  if (fleet) return checkFleet(args, fleet)
  const context = await locate()
  if (args.flag('watch')) return (await import('./check-watch.ts')).checkWatch(args, context)
  const [{snapshot, extras, live}, config] = await Promise.all([
    takeOverview(context, hourMs),
    args.flag('deep') ? checkConfig(configCheckOptions(context.options, context)) : null,
  ])
  if (config && isFailure(config)) printFailure(config)
  const deep = config && !isFailure(config) ? config : null
  const assessment = assessSnapshot(snapshot, {...extras, config: deep ?? extras.config ?? null}, live)
  if (isNowhere(snapshot, live)) {
    const json = assessmentJson(assessment)
    const inContainer = containerProblem(context.options)
    const problems = inContainer === null ? [] : json.problems.filter(({id}) => id === 'log-unreadable')
    if (args.flag('json')) process.stdout.write(`${toJson({...json, verdict: 'unknown', problems}, 2)}\n`)
    return printFailure(inContainer ?? nowhereFailure(snapshot))
  }
  process.stdout.write(args.flag('json') ? `${toJson(assessmentJson(assessment), 2)}\n` : assessmentText(assessment))
  complainOfPacked(snapshot.packed)
  return codes[assessment.verdict]
}

export const check: Command = {
  words: 'check',
  about: 'one verdict, with exit codes for cron',
  flags,
  common: [...readingFlags, 'ascii'],
  run,
}
