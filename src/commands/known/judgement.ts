import {everyOpen} from '../../domain/attempts/clients.ts'
import {countersOf, type Diagnosis, inOrder} from '../../domain/diagnosis/diagnosis.ts'
import {type AllKnown, problemsOf, verdictOn} from '../../domain/diagnosis/diagnosis-all.ts'
import {countTurnedAway} from '../../domain/diagnosis/turned-away.ts'
import {type GatewayNow, gatewayNow} from '../../domain/live/gateway-now.ts'
import {knownFrom, type LiveNow} from '../../domain/live/live-now.ts'
import {inWords} from '../../domain/problem.ts'
import {type ExitCode, exit} from '../command.ts'
import {iso, isoOrNull} from '../time.ts'
import {wrapped} from '../told/wrapped.ts'
import {type Beside, besideJson} from './check-beside.ts'
import {type Looked, releaseOf} from './known.ts'
import {logNamesOf} from './log-names.ts'

export type Verdict = 'ok' | 'soon' | 'unknown' | 'broken'

export const codes: Record<Verdict, ExitCode> = {ok: exit.fine, broken: exit.broken, soon: exit.soon, unknown: exit.unknown}

type Seen = Pick<Looked, 'world' | 'now' | 'where' | 'reach' | 'problem' | 'sources'>

/** What was heard of the gateway beside its logs; null where nobody listened. */
export type HeardBeside = {live: LiveNow; service: AllKnown['service']} | null

/** What is wrong now, and what that comes to. */
export type Judgement = {seen: Seen; beside: Beside; heard: HeardBeside; found: readonly Diagnosis[]; verdict: Verdict}

type Unreachable = Pick<Diagnosis, 'id' | 'harm' | 'title' | 'tryThis'>

const unreachable: Partial<Record<Seen['reach']['state'], Unreachable>> = {
  down: {
    id: 'gateway-down',
    harm: 'broken',
    title: 'The gateway does not answer',
    tryThis: 'gatecrab restart, or the service that runs it; then look at the last lines of its log.',
  },
  silent: {
    id: 'gateway-frozen',
    harm: 'broken',
    title: 'The gateway takes connections and says nothing',
    tryThis: 'If it lasts, look what its process does: stopped (SIGCONT lets it go on), swapping, or too busy; else restart it.',
  },
  'not-yet': {
    id: 'gateway-starting',
    harm: 'note',
    title: 'The gateway is not up yet',
    tryThis: 'Nothing, if it comes up within a minute; else look at the last lines of its log.',
  },
}

const whereUnreachable = ({reach, now}: Seen): Diagnosis[] => {
  const row = unreachable[reach.state]
  return row
    ? [{...row, layer: 'lifecycle', because: reach.because ?? '', since: now, count: 1, sure: 'certain', evidence: []}]
    : []
}

/** A restart is the wrong answer while the file that it would read is broken. */
const configTrouble = ({where: {problem}, reach, now}: Seen): Diagnosis[] =>
  problem === null || reach.state === 'unknown'
    ? []
    : [
        {
          id: 'config-invalid',
          layer: 'lifecycle',
          harm: reach.state === 'up' ? 'soon' : 'broken',
          title: problem.title,
          because: `${problem.because ?? ''}${reach.state === 'up' ? '. The gateway goes on with what it read before; at its next start it will refuse to run, or put an older copy back' : ''}.`,
          tryThis: `Mend it before any restart: ${problem.tryThis ?? 'openclaw config validate says where'}.`,
          since: now,
          count: 1,
          sure: 'certain',
          evidence: [],
        },
      ]

const verdictOf = ({problem, reach}: Seen, found: readonly Diagnosis[]): Verdict => {
  const verdict = verdictOn(found)
  if (verdict === 'broken') return verdict
  if (problem && reach.state !== 'up') return 'unknown'
  return verdict
}

const loginsIn = ({profiles}: Beside) => profiles && {profiles: profiles.profiles, logNames: logNamesOf(profiles.profiles)}

export const judge = (seen: Seen, beside: Beside, heard: HeardBeside): Judgement => {
  const {world, now, reach, sources} = seen
  const told = problemsOf({
    ...{world, now, sources, logins: loginsIn(beside)},
    live: heard?.live ?? null,
    service: heard?.service ?? null,
    copies: beside.copies,
    agents: beside.profiles?.agents ?? [],
    config: beside.config ?? null,
    plans: beside.plans ?? null,
  })
  // What answers now has not stopped, whatever the log's last words were; and that nobody listens is said once.
  const isLogged = reach.state !== 'up' && world.life.state === 'down'
  const standing = told.filter(({id}) => id !== 'gateway-stopped' || isLogged || reach.state === 'unknown')
  const isTold = standing.some(({id}) => id === 'gateway-killed' || id === 'gateway-frozen' || id === 'foreign-listener')
  const config = configTrouble(seen)
  const others = config.length === 0 ? standing : standing.filter(({id}) => id !== 'config-invalid')
  const found = inOrder([...config, ...(isTold ? [] : whereUnreachable(seen)), ...others])
  return {seen, beside, heard, found, verdict: verdictOf(seen, found)}
}

const runsNow = ({seen: {world, now}, heard}: Judgement): GatewayNow => gatewayNow(world.life, heard?.live ?? null, now)

const gateIn = ({where: {remote, config}}: Seen): {host?: string; port: number} =>
  remote ? {host: remote.host, port: remote.port} : {port: config.port}

const addressIn = (seen: Seen): string => {
  const {host = '', port} = gateIn(seen)
  return `${host}:${port}`
}

const seenIn = ({world}: Seen): number => everyOpen(world.clients).length

export const judgementJson = (judgement: Judgement) => {
  const {seen, beside, heard, found, verdict} = judgement
  const runs = runsNow(judgement)
  return {
    verdict,
    now: iso(seen.now),
    gateway: {
      release: releaseOf(seen),
      ...gateIn(seen),
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
      refused: countTurnedAway(seen),
      noLongerKept: seen.world.clients.dropped.clients,
      in: heard && knownFrom(heard.live).length > 0 ? heard.live.visitors.length : seenIn(seen),
      knownFrom: ['log', ...(heard ? knownFrom(heard.live) : [])],
    },
    problems: found.map(({since, ...rest}) => ({...rest, since: iso(since)})),
    counters: countersOf(seen.world),
    ...besideJson(beside, seen.now),
  }
}

export const judgementText = ({seen, found, verdict}: Judgement): string =>
  [
    `${verdict}: ${['gateway', releaseOf(seen), addressIn(seen)].filter(Boolean).join(' ')} ${seen.reach.state}${seen.reach.because ? ` (${seen.reach.because})` : ''}`,
    ...(seen.problem && !found.some(({id}) => id === 'log-unreadable') ? [wrapped(inWords(seen.problem))] : []),
    ...found.flatMap(({harm, title, because, tryThis, count, see = []}) => [
      `${harm === 'note' ? '-' : '!'} ${title}${count > 1 ? ` (${count} times)` : ''}`,
      wrapped(because, '    '),
      wrapped(`Do: ${tryThis}`, '    '),
      ...(see.length === 0 ? [] : [wrapped(`See: ${see.join('; ')}`, '    ')]),
    ]),
    '',
  ].join('\n')
