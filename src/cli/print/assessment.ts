import {causeText} from '../../app/cause-words.ts'
import {statusCell} from '../../app/gateway-status-words.ts'
import {clock} from '../../app/words.ts'
import {everyOpen} from '../../domain/attempts/clients.ts'
import type {HarmVerdict} from '../../domain/diagnosis/all-problems.ts'
import type {Cause} from '../../domain/diagnosis/cause.ts'
import type {Problem} from '../../domain/diagnosis/problem.ts'
import {formatFailure} from '../../domain/failure.ts'
import type {GatewayNow} from '../../domain/live/gateway-now.ts'
import type {Reach} from '../../domain/live/listener.ts'
import {evidenceSources} from '../../domain/live/live-state.ts'
import {profileExitCode} from '../../domain/logins/profile-report.ts'
import type {AssessedSnapshot, SnapshotAssessment} from '../../runtime/assessment.ts'
import {releaseOf} from '../../runtime/snapshot.ts'
import type {TokenAndLoginStatus} from '../../runtime/token-and-login-status.ts'
import {type ExitCode, exit} from '../command.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import {wrapped} from './word-wrap.ts'

export const codes: Record<HarmVerdict, ExitCode> = {ok: exit.fine, broken: exit.broken, soon: exit.soon, unknown: exit.unknown}

const gateIn = ({context: {remote, config}}: AssessedSnapshot): {host?: string; port: number} =>
  remote ? {host: remote.host, port: remote.port} : {port: config.port}

const addressIn = (snapshot: AssessedSnapshot): string => {
  const {host = '', port} = gateIn(snapshot)
  return `${host}:${port}`
}

/** What the port said where it was asked, else what the gateway or the system did. */
const becauseIn = (reach: Reach, {because}: GatewayNow): string => {
  const text = reach.because ?? because
  return text === null ? '' : ` (${text})`
}

const seenIn = ({world}: AssessedSnapshot): number => everyOpen(world.clients).length

const tokenAndLoginJson = ({copies, profiles}: TokenAndLoginStatus, now: number) => ({
  copies: copies && {
    enforced: {fingerprint: copies.enforced.fingerprint, by: copies.enforced.by, provenAt: copies.enforced.provenAt},
    agree: copies.copies.filter(({verdict}) => verdict === 'agrees').length,
    differ: copies.copies.filter(({verdict}) => verdict === 'differs').length,
    problems: copies.copies.flatMap(({problem}) => problem ?? []),
  },
  profiles: profiles && {
    exit: profileExitCode(profiles),
    states: Object.fromEntries(
      Map.groupBy(profiles.profiles, ({state}) => state)
        .entries()
        .map(([state, found]) => [state, found.length]),
    ),
    nextEndAt: isoOrNull(profiles.profiles.find(({expiresAt}) => expiresAt !== null && expiresAt > now)?.expiresAt ?? null),
  },
})

const causeJson = (cause: Cause | null) =>
  cause && {
    id: cause.id,
    at: iso(cause.at),
    loadedAt: iso(cause.loadedAt),
    by: cause.wrote && (cause.wrote.who ?? cause.wrote.by),
    explains: cause.explains,
  }
export const problemJson = ({since, ...rest}: Problem) => ({...rest, since: iso(since)})

export const assessmentJson = (judgement: SnapshotAssessment) => {
  const {seen: snapshot, extras, live, assessment, verdict} = judgement
  const {gateway: runs, problems} = assessment
  return {
    verdict,
    now: iso(snapshot.now),
    gateway: {
      release: releaseOf(snapshot),
      ...gateIn(snapshot),
      portBy: snapshot.context.remote ? null : snapshot.context.portBy,
      config: snapshot.context.configFile,
      pid: runs.pid,
      is: runs.is,
      since: isoOrNull(runs.since),
      by: runs.by,
      version: runs.version,
      reach: snapshot.reach.state,
      because: snapshot.reach.because,
      logSays: snapshot.world.life.state,
      logSaysSince: isoOrNull(snapshot.world.life.since),
      lastLineAt: isoOrNull(snapshot.world.newestAt),
    },
    clients: {
      refused: assessment.refused,
      noLongerKept: snapshot.world.clients.dropped.clients,
      in: live && evidenceSources(live.live).length > 0 ? live.live.connectedClients.length : seenIn(snapshot),
      knownFrom: ['log', ...(live ? evidenceSources(live.live) : [])],
    },
    cause: causeJson(assessment.cause),
    problems: problems.map(problemJson),
    counters: assessment.counters,
    ...tokenAndLoginJson(extras, snapshot.now),
  }
}

const verdictLine = ({seen: snapshot, assessment: {gateway}, verdict}: SnapshotAssessment): string =>
  `${verdict}: ${['gateway', releaseOf(snapshot), addressIn(snapshot)].filter(Boolean).join(' ')} ${statusCell(gateway, snapshot.now).text}${becauseIn(snapshot.reach, gateway)}`

/** A change in words, to be read or heard as it comes: the verdict, what began with what helps, what ended. */
export const changeText = (
  assessment: SnapshotAssessment,
  {began, ended}: {began: readonly Problem[]; ended: readonly Problem[]},
): string =>
  [
    wrapped(`${clock(assessment.seen.now)} ${verdictLine(assessment)}`),
    ...began.flatMap(({id, title, tryThis}) => [wrapped(`began: ${title} [${id}]`, '  '), wrapped(`Do: ${tryThis}`, '    ')]),
    ...ended.map(({id, title}) => wrapped(`ended: ${title} [${id}]`, '  ')),
    '',
  ].join('\n')

export const assessmentText = (judgement: SnapshotAssessment): string => {
  const {
    seen: snapshot,
    assessment: {problems, cause},
  } = judgement
  return [
    verdictLine(judgement),
    ...(snapshot.problem && !problems.some(({id}) => id === 'log-unreadable') ? [wrapped(formatFailure(snapshot.problem))] : []),
    ...(cause === null ? [] : [`cause: ${causeText(cause, snapshot.now)}`]),
    ...problems.flatMap(({id, harm, title, because, tryThis, count, see = []}) => [
      `${harm === 'note' ? '-' : '!'} ${title}${count > 1 ? ` (${count} times)` : ''} [${id}]`,
      wrapped(because, '    '),
      wrapped(`Do: ${tryThis}`, '    '),
      ...(see.length === 0 ? [] : [wrapped(`See: ${see.join('; ')}`, '    ')]),
    ]),
    '',
  ].join('\n')
}
