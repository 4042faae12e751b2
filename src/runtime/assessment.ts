import type {HarmVerdict, ProblemInputs} from '../domain/diagnosis/all-problems.ts'
import {type Assessment, assess} from '../domain/diagnosis/assessment.ts'
import type {LiveNow} from '../domain/live/live-state.ts'
import {logNamesOf} from './log-names.ts'
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
  })
  return {seen: snapshot, extras, live, assessment, verdict: assessment.verdict}
}
