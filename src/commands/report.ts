import {everyClient} from '../domain/attempts/clients.ts'
import {dayMs} from '../domain/durations.ts'
import {unrecordedEdits} from '../domain/mark-beside.ts'
import {redact} from '../domain/redact.ts'
import {readChanges} from '../sources/changes.ts'
import {containerLogName} from '../sources/container/container-log.ts'
import {listJournals} from '../sources/plans/journals.ts'
import {statePlaces} from '../sources/plans/journals-place.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {type Beside, besideOf} from './known/check-beside.ts'
import {consoleContainer} from './known/container-console.ts'
import {judge} from './known/judgement.ts'
import {type Looked, lookOnce, releaseOf} from './known/known.ts'
import {listenOnce, lookedIn} from './known/listen-once.ts'
import {iso} from './time.ts'
import {attemptJson, clientJson} from './told/attempt-json.ts'
import {toJson} from './told/json.ts'
import {complain, complainOfPacked} from './told/output.ts'
import {inMarkdown, type Reported} from './told/report-text.ts'

const flags = {
  since: {value: 'T', about: 'from then on (default 24h)'},
  json: {about: 'the same as data'},
} satisfies Flags

const redactedJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'string' ? redact(part) : part)))

const inJson = (reported: Reported, looked: Looked): unknown =>
  redactedJson({
    now: iso(looked.now),
    since: iso(looked.since),
    verdict: reported.assessment.verdict,
    gateway: {
      release: reported.release,
      is: reported.assessment.gateway.is,
      logSays: looked.world.life.state,
      reach: looked.reach.state,
    },
    counters: reported.assessment.counters,
    problems: reported.assessment.problems.map(({since, ...rest}) => ({...rest, since: iso(since)})),
    clients: everyClient(looked.world.clients).map(client => clientJson(client, looked.now)),
    timeline: reported.marks.map(({at, kind, text}) => ({at: iso(at), kind, text})),
    attempts: looked.world.recent.slice(-500).map(attemptJson),
  })

/** What lies beside the logs is told of the gateway of this host alone, and of now. */
const besideLogs = async (given: Given, {where, now}: Looked) => {
  if (given.text('now') !== null || given.list('log').length > 0) return null
  const places = statePlaces(where.around)
  const [heard, beside, changes] = await Promise.all([
    listenOnce(given, where),
    besideOf(given, now),
    readChanges({stateDir: where.stateDir, configFile: where.configFile, places}),
  ])
  return {heard, beside, changes, plans: listJournals(places)}
}

const nothing: Beside = {copies: null, profiles: null}

const reportOf = async (given: Given, looked: Looked): Promise<Reported> => {
  const {world, now, since, where, reach, files, packed} = looked
  const known = await besideLogs(given, looked)
  const container = consoleContainer(given, where)
  const heard = known?.heard ? lookedIn(known.heard, looked) : null
  const {assessment} = judge(looked, known?.beside ?? nothing, heard)
  return {
    ...{world, now, since, packed, assessment},
    files: container ? [...files, containerLogName(container)] : files,
    release: releaseOf(looked),
    port: where.remote?.port ?? where.config.port,
    reach: `${reach.state}${reach.because ? ` (${reach.because})` : ''}`,
    live: heard?.live ?? null,
    enforced: known?.beside.copies?.enforced.fingerprint ?? null,
    copies: known?.beside.copies?.copies ?? null,
    marks: [
      ...world.marks,
      ...(known?.changes ?? []).filter(({at}) => at >= since),
      ...unrecordedEdits(world.marks, known?.changes ?? []),
    ].toSorted((a, b) => a.at - b.at),
    plans: known?.plans ?? [],
  }
}

const run = async (given: Given): Promise<ExitCode> => {
  const looked = await lookOnce(given, dayMs)
  if (looked.problem && given.list('log').length > 0) return complain(looked.problem)
  const reported = await reportOf(given, looked)
  process.stdout.write(given.has('json') ? `${toJson(inJson(reported, looked), 2)}\n` : inMarkdown(reported))
  complainOfPacked(looked.packed)
  return exit.fine
}

export const report: Command = {words: 'report', about: 'a redacted incident report in Markdown, for a ticket', flags, run}
