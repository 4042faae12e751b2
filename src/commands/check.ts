import {hourMs} from '../domain/durations.ts'
import {judgeConfig} from '../sources/config-judge.ts'
import {checkWatch} from './check-watch.ts'
import {type Command, type ExitCode, isProblem} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {fleetCheck, fleetCheckWatch} from './fleet/fleet-check.ts'
import {fleetIn, hostFlags} from './fleet/fleet-flags.ts'
import {besideOf} from './known/check-beside.ts'
import {containerProblem} from './known/container-problem.ts'
import {codes, judge, judgementJson, judgementText} from './known/judgement.ts'
import {type Looked, lookOnce} from './known/known.ts'
import {listenOnce, lookedIn} from './known/listen-once.ts'
import {isNowhere} from './known/nowhere.ts'
import {whereOf} from './known/where.ts'
import {configWish} from './screen/config-feed.ts'
import {nowOf} from './span.ts'
import {toJson} from './told/json.ts'
import {complain, complainOfPacked} from './told/output.ts'

const flags = {
  since: {value: 'T', about: 'look at the log from then on (default 1h)'},
  watch: {about: 'go on: an NDJSON line whenever the verdict or what is wrong changes'},
  deep: {about: 'ask OpenClaw whether its config is valid, too: takes seconds'},
  every: {value: 'T', about: 'with --watch: a line at least that often, such as 30s'},
  json: {about: 'one JSON document'},
  ...hostFlags,
} satisfies Flags

const sayNowhere = ({where}: Looked): ExitCode =>
  complain({
    title: 'No OpenClaw gateway was found on this host',
    because: `no config (${where.configFile}), no log, no openclaw command, no service, and nothing listens on port ${where.config.port}`,
    tryThis: 'name one with --config, --state-dir, --log or --url',
    from: 'gateway',
  })

const run = async (given: Given): Promise<ExitCode> => {
  const fleet = fleetIn(given)
  if (isProblem(fleet)) return complain(fleet)
  if (fleet) return given.has('watch') ? fleetCheckWatch(fleet) : fleetCheck(given, fleet)
  if (given.has('watch')) return checkWatch(given)
  const [looked, beside, heard, config] = await Promise.all([
    lookOnce(given, hourMs),
    besideOf(given, nowOf(given)),
    listenOnce(given, whereOf(given)),
    given.has('deep') ? judgeConfig(configWish(given, whereOf(given))) : null,
  ])
  if (config && isProblem(config)) complain(config)
  const deep = config && !isProblem(config) ? config : null
  const judgement = judge(looked, {...beside, config: deep ?? beside.config ?? null}, heard && lookedIn(heard, looked))
  if (isNowhere(given, looked, heard)) {
    const json = judgementJson(judgement)
    const inContainer = containerProblem(given)
    const problems = inContainer === null ? [] : json.problems.filter(({id}) => id === 'log-unreadable')
    if (given.has('json')) process.stdout.write(`${toJson({...json, verdict: 'unknown', problems}, 2)}\n`)
    return inContainer === null ? sayNowhere(looked) : complain(inContainer)
  }
  process.stdout.write(given.has('json') ? `${toJson(judgementJson(judgement), 2)}\n` : judgementText(judgement))
  complainOfPacked(looked.packed)
  return codes[judgement.verdict]
}

export const check: Command = {words: 'check', about: 'one verdict, with exit codes for cron', flags, run}
