import type {HarmVerdict, ProblemInputs} from '../domain/diagnosis/all-problems.ts'
import {type Assessment, assess} from '../domain/diagnosis/assessment.ts'
import type {Failure} from '../domain/failure.ts'
import type {LiveNow} from '../domain/live/live-state.ts'
import {logNamesOf} from './log-names.ts'
import type {Options} from './options.ts'
import type {Snapshot} from './snapshot.ts'
import type {TokenAndLoginStatus} from './token-and-login-status.ts'

export type AssessedSnapshot = Pick<Snapshot, 'world' | 'now' | 'context' | 'reach' | 'problem' | 'sources'>

/** Results of the live sources; null where they were not used. */
export type LiveStatus = {live: LiveNow; service: ProblemInputs['service']} | null

/** The current problems, and the verdict on them. */
export type SnapshotAssessment = {
  seen: AssessedSnapshot
  extras: TokenAndLoginStatus
  live: LiveStatus
  assessment: Assessment
  verdict: HarmVerdict
}

const loginsIn = ({profiles}: TokenAndLoginStatus) =>
  profiles && {profiles: profiles.profiles, logNames: logNamesOf(profiles.profiles)}

export const assessSnapshot = (snapshot: AssessedSnapshot, extras: TokenAndLoginStatus, live: LiveStatus): SnapshotAssessment => {
  const {world, now, reach, sources, problem} = snapshot
  const assessment = assess({
    ...{world, now, sources, reach, logins: loginsIn(extras), hasNoLog: problem !== null},
    live: live?.live ?? null,
    service: live?.service ?? null,
    copies: extras.copies,
    agents: extras.profiles?.agents ?? [],
    config: extras.config ?? null,
    plans: extras.plans ?? null,
    devices: extras.devices ?? null,
  })
  return {seen: snapshot, extras, live, assessment, verdict: assessment.verdict}
}

type Seen = Pick<Snapshot, 'context' | 'files' | 'reach' | 'sources'>

/** What is named is looked for, and its absence is a problem. */
const isUnnamed = ({url, logs, now}: Options): boolean => url === null && logs.length === 0 && now === null

/** No trace of a gateway on this host: then there is nothing that could be broken. */
export const isNowhere = ({context, files, reach, sources}: Seen, live: LiveStatus): boolean =>
  !context.hasConfig &&
  context.release === null &&
  context.remote === null &&
  !context.options.container &&
  files.length === 0 &&
  !sources.some(({state}) => state === 'left-out') &&
  (reach.state === 'down' || reach.state === 'unknown') &&
  isUnnamed(context.options) &&
  (live?.service?.facts.supervisors.length ?? 0) === 0

export const nowhereFailure = ({context}: Seen): Failure => ({
  title: 'No OpenClaw gateway was found on this host',
  because: `no config (${context.configFile}), no log, no openclaw command, no service, and nothing listens on port ${context.config.port}`,
  tryThis: 'name one with --config, --state-dir, --log or --url',
  from: 'gateway',
})
