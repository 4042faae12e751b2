import {everyClient} from '../../domain/attempts/clients.ts'
import {dayMs} from '../../domain/durations.ts'
import {unrecordedEdits} from '../../domain/plans/external-edits.ts'
import {redact} from '../../domain/redact.ts'
import {assessSnapshot, isNowhere, nowhereFailure} from '../../runtime/assessment.ts'
import {consoleContainer} from '../../runtime/container-console.ts'
import {containerProblem} from '../../runtime/container-problem.ts'
import type {GatewayContext} from '../../runtime/context.ts'
import {type Overview, takeOverview} from '../../runtime/overview.ts'
import type {ReportData} from '../../runtime/report-data.ts'
import {releaseOf, type Snapshot, takeSnapshot} from '../../runtime/snapshot.ts'
import type {TokenAndLoginStatus} from '../../runtime/token-and-login-status.ts'
import {readChanges} from '../../sources/changes.ts'
import {containerLogName} from '../../sources/container/container-log.ts'
import {listJournals} from '../../sources/plans/journals.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {iso} from '../moment-flags.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {attemptJson, clientJson} from '../print/attempt.ts'
import {complainOfPacked, printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {inMarkdown} from '../print/report-text.ts'

const flags = {
  since: {value: 'T', about: 'from then on (default 24h)'},
  json: {about: 'the same as data'},
} satisfies Flags

const redactedJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'string' ? redact(part) : part)))

const inJson = (reported: ReportData, snapshot: Snapshot): unknown =>
  redactedJson({
    now: iso(snapshot.now),
    since: iso(snapshot.since),
    verdict: reported.assessment.verdict,
    gateway: {
      release: reported.release,
      is: reported.assessment.gateway.is,
      logSays: snapshot.world.life.state,
      reach: snapshot.reach.state,
    },
    counters: reported.assessment.counters,
    problems: reported.assessment.problems.map(({since, ...rest}) => ({...rest, since: iso(since)})),
    clients: everyClient(snapshot.world.clients).map(client => clientJson(client, snapshot.now)),
    timeline: reported.timeline.map(({at, kind, text}) => ({at: iso(at), kind, text})),
    attempts: snapshot.world.recent.slice(-500).map(attemptJson),
  })

const nothing: TokenAndLoginStatus = {copies: null, profiles: null}

/** Sources besides the logs are reported only for this host's gateway, and only as of now. */
const isOfThePresent = ({options}: GatewayContext): boolean => options.now === null && options.logs.length === 0

const takeReported = async (context: GatewayContext): Promise<Overview> =>
  isOfThePresent(context)
    ? takeOverview(context, dayMs)
    : {snapshot: await takeSnapshot(context, dayMs), extras: nothing, live: null}

const reportOf = async ({snapshot, extras, live}: Overview): Promise<ReportData> => {
  const {world, now, since, context, reach, files, packed} = snapshot
  const places = statePlaces(context.hostEnv)
  const isNow = isOfThePresent(context)
  const changes = isNow ? await readChanges({stateDir: context.stateDir, configFile: context.configFile, places}) : []
  const container = consoleContainer(context)
  const {assessment} = assessSnapshot(snapshot, extras, live)
  return {
    ...{world, now, since, packed, assessment},
    files: container ? [...files, containerLogName(container)] : files,
    release: releaseOf(snapshot),
    port: context.remote?.port ?? context.config.port,
    reach: `${reach.state}${reach.because ? ` (${reach.because})` : ''}`,
    live: live?.live ?? null,
    enforced: extras.copies?.enforced.fingerprint ?? null,
    copies: extras.copies?.copies ?? null,
    timeline: [...world.timeline, ...changes.filter(({at}) => at >= since), ...unrecordedEdits(world.timeline, changes)].toSorted(
      (a, b) => a.at - b.at,
    ),
    plans: isNow ? listJournals(places) : [],
  }
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const overview = await takeReported(await locate())
  const {snapshot} = overview
  if (snapshot.problem && args.options.logs.length > 0) return printFailure(snapshot.problem)
  if (overview.live && isNowhere(snapshot, overview.live))
    return printFailure(containerProblem(args.options) ?? nowhereFailure(snapshot))
  const reported = await reportOf(overview)
  process.stdout.write(args.flag('json') ? `${toJson(inJson(reported, snapshot), 2)}\n` : inMarkdown(reported))
  complainOfPacked(snapshot.packed)
  return exit.fine
}

export const report: Command = {
  words: 'report',
  about: 'a redacted incident report in Markdown, for a ticket',
  flags,
  common: readingFlags,
  run,
}
