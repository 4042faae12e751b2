import {lifeText} from '../../app/gateway-words.ts'
import {everyOpen} from '../../domain/attempts/clients.ts'
import {type Assessment, assess} from '../../domain/diagnosis/assessment.ts'
import type {AllKnown, Verdict} from '../../domain/diagnosis/diagnosis-all.ts'
import type {GatewayNow} from '../../domain/live/gateway-now.ts'
import {knownFrom, type LiveNow} from '../../domain/live/live-now.ts'
import type {Reach} from '../../domain/live/reach.ts'
import {inWords} from '../../domain/problem.ts'
import {type ExitCode, exit} from '../command.ts'
import {iso, isoOrNull} from '../time.ts'
import {wrapped} from '../told/wrapped.ts'
import {type Beside, besideJson} from './check-beside.ts'
import {type Looked, releaseOf} from './known.ts'
import {logNamesOf} from './log-names.ts'

export const codes: Record<Verdict, ExitCode> = {ok: exit.fine, broken: exit.broken, soon: exit.soon, unknown: exit.unknown}

type Seen = Pick<Looked, 'world' | 'now' | 'where' | 'reach' | 'problem' | 'sources'>

/** What was heard of the gateway beside its logs; null where nobody listened. */
export type HeardBeside = {live: LiveNow; service: AllKnown['service']} | null

/** What is wrong now, and what that comes to. */
export type Judgement = {seen: Seen; beside: Beside; heard: HeardBeside; assessment: Assessment; verdict: Verdict}

const loginsIn = ({profiles}: Beside) => profiles && {profiles: profiles.profiles, logNames: logNamesOf(profiles.profiles)}

export const judge = (seen: Seen, beside: Beside, heard: HeardBeside): Judgement => {
  const {world, now, reach, sources, problem} = seen
  const assessment = assess({
    ...{world, now, sources, reach, logins: loginsIn(beside), hasNoLog: problem !== null},
    live: heard?.live ?? null,
    service: heard?.service ?? null,
    copies: beside.copies,
    agents: beside.profiles?.agents ?? [],
    config: beside.config ?? null,
    plans: beside.plans ?? null,
  })
  return {seen, beside, heard, assessment, verdict: assessment.verdict}
}

const gateIn = ({where: {remote, config}}: Seen): {host?: string; port: number} =>
  remote ? {host: remote.host, port: remote.port} : {port: config.port}

const addressIn = (seen: Seen): string => {
  const {host = '', port} = gateIn(seen)
  return `${host}:${port}`
}

/** What the port said where it was asked, else what the gateway or the system did. */
const becauseIn = (reach: Reach, {because}: GatewayNow): string => {
  const text = reach.because ?? because
  return text === null ? '' : ` (${text})`
}

const seenIn = ({world}: Seen): number => everyOpen(world.clients).length

export const judgementJson = (judgement: Judgement) => {
  const {seen, beside, heard, assessment, verdict} = judgement
  const {gateway: runs, problems} = assessment
  return {
    verdict,
    now: iso(seen.now),
    gateway: {
      release: releaseOf(seen),
      ...gateIn(seen),
      portBy: seen.where.remote ? null : seen.where.portBy,
      config: seen.where.configFile,
      pid: runs.pid,
      is: runs.is,
      since: isoOrNull(runs.since),
      by: runs.by,
      version: runs.version,
      reach: seen.reach.state,
      because: seen.reach.because,
      logSays: seen.world.life.state,
      logSaysSince: isoOrNull(seen.world.life.since),
      lastLineAt: isoOrNull(seen.world.newestAt),
    },
    clients: {
      refused: assessment.refused,
      noLongerKept: seen.world.clients.dropped.clients,
      in: heard && knownFrom(heard.live).length > 0 ? heard.live.visitors.length : seenIn(seen),
      knownFrom: ['log', ...(heard ? knownFrom(heard.live) : [])],
    },
    problems: problems.map(({since, ...rest}) => ({...rest, since: iso(since)})),
    counters: assessment.counters,
    ...besideJson(beside, seen.now),
  }
}

export const judgementText = ({seen, assessment: {problems, gateway}, verdict}: Judgement): string =>
  [
    `${verdict}: ${['gateway', releaseOf(seen), addressIn(seen)].filter(Boolean).join(' ')} ${lifeText(gateway, seen.now).text}${becauseIn(seen.reach, gateway)}`,
    ...(seen.problem && !problems.some(({id}) => id === 'log-unreadable') ? [wrapped(inWords(seen.problem))] : []),
    ...problems.flatMap(({harm, title, because, tryThis, count, see = []}) => [
      `${harm === 'note' ? '-' : '!'} ${title}${count > 1 ? ` (${count} times)` : ''}`,
      wrapped(because, '    '),
      wrapped(`Do: ${tryThis}`, '    '),
      ...(see.length === 0 ? [] : [wrapped(`See: ${see.join('; ')}`, '    ')]),
    ]),
    '',
  ].join('\n')
