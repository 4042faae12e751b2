import {countersOf, type Diagnosis, diagnose} from '../domain/diagnosis.ts'
import {inWords} from '../domain/problem.ts'
import {type Beside, besideJson, besideOf, ofCopies, ofProfiles} from './check-beside.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {type Looked, lookOnce, nowOf} from './known.ts'
import {iso, isoOrNull} from './time.ts'
import {wrapped} from './wrapped.ts'

const flags = {
  since: {value: 'T', about: 'look at the log from then on (default 1h)'},
  json: {about: 'one JSON document'},
} satisfies Flags

const hourMs = 3_600_000

type Verdict = 'ok' | 'broken' | 'soon' | 'unknown'

const codes: Record<Verdict, ExitCode> = {ok: exit.fine, broken: exit.broken, soon: exit.soon, unknown: exit.unknown}

const unreachable = ({reach, now}: Looked): Diagnosis[] =>
  reach.state !== 'down'
    ? []
    : [
        {
          id: 'gateway-down',
          layer: 'lifecycle',
          harm: 'broken',
          title: 'The gateway does not answer',
          because: reach.because ?? '',
          tryThis: 'openclaw gateway restart, or the service that runs it; then look at the last lines of its log.',
          since: now,
          count: 1,
          sure: 'certain',
          evidence: [],
        },
      ]

const verdictOf = (looked: Looked, found: readonly Diagnosis[]): Verdict => {
  if (found.some(({harm}) => harm === 'broken')) return 'broken'
  if (looked.problem && looked.reach.state !== 'up') return 'unknown'
  return found.some(({harm}) => harm === 'soon') ? 'soon' : 'ok'
}

const inJson = (looked: Looked, beside: Beside, found: readonly Diagnosis[], verdict: Verdict): object => ({
  verdict,
  now: iso(looked.now),
  gateway: {
    release: looked.where.release,
    port: looked.where.config.port,
    pid: looked.world.life.pid,
    reach: looked.reach.state,
    because: looked.reach.because,
    logSays: looked.world.life.state,
    logSaysSince: isoOrNull(looked.world.life.since),
    lastLineAt: isoOrNull(looked.world.newestAt),
  },
  problems: found.map(({since, ...rest}) => ({...rest, since: iso(since)})),
  counters: countersOf(looked.world),
  ...besideJson(beside),
})

const inText = (looked: Looked, found: readonly Diagnosis[], verdict: Verdict): string =>
  [
    `${verdict}: gateway ${looked.where.release ?? ''} :${looked.where.config.port} ${looked.reach.state}${looked.reach.because ? ` (${looked.reach.because})` : ''}`,
    ...(looked.problem ? [wrapped(inWords(looked.problem))] : []),
    ...found.flatMap(({harm, title, because, tryThis, count}) => [
      `${harm === 'note' ? '-' : '!'} ${title}${count > 1 ? ` (${count} times)` : ''}`,
      wrapped(because, '    '),
      wrapped(`Do: ${tryThis}`, '    '),
    ]),
    '',
  ].join('\n')

const run = async (given: Given): Promise<ExitCode> => {
  const [looked, beside] = await Promise.all([lookOnce(given, hourMs), besideOf(given, nowOf(given))])
  const told = diagnose({world: looked.world, now: looked.now, sources: []})
  // What answers now has not stopped, whatever the log's last words were.
  const fromLog = told.filter(({id}) => id !== 'gateway-stopped' || looked.reach.state !== 'up')
  const found = [...unreachable(looked), ...fromLog, ...ofProfiles(beside, looked.now), ...ofCopies(beside, looked.now)]
  const verdict = verdictOf(looked, found)
  process.stdout.write(
    given.has('json') ? `${JSON.stringify(inJson(looked, beside, found, verdict), null, 2)}\n` : inText(looked, found, verdict),
  )
  return codes[verdict]
}

export const check: Command = {words: 'check', about: 'one verdict, with exit codes for cron', flags, run}
