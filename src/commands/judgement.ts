import {clientsTurnedAway, countersOf, type Diagnosis, diagnose} from '../domain/diagnosis.ts'
import {inWords} from '../domain/problem.ts'
import {type Beside, besideJson, ofCopies, ofProfiles} from './check-beside.ts'
import {type ExitCode, exit} from './command.ts'
import {type Looked, releaseOf} from './known.ts'
import {logNamesOf} from './log-names.ts'
import {iso, isoOrNull} from './time.ts'
import {wrapped} from './wrapped.ts'

export type Verdict = 'ok' | 'soon' | 'unknown' | 'broken'

export const codes: Record<Verdict, ExitCode> = {ok: exit.fine, broken: exit.broken, soon: exit.soon, unknown: exit.unknown}

type Seen = Pick<Looked, 'world' | 'now' | 'where' | 'reach' | 'problem'>

/** What is wrong now, and what that comes to. */
export type Judgement = {seen: Seen; beside: Beside; found: readonly Diagnosis[]; verdict: Verdict}

type Unreachable = Pick<Diagnosis, 'id' | 'harm' | 'title' | 'tryThis'>

const unreachable: Partial<Record<Seen['reach']['state'], Unreachable>> = {
  down: {
    id: 'gateway-down',
    harm: 'broken',
    title: 'The gateway does not answer',
    tryThis: 'openclaw gateway restart, or the service that runs it; then look at the last lines of its log.',
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

const verdictOf = ({problem, reach}: Seen, found: readonly Diagnosis[]): Verdict => {
  if (found.some(({harm}) => harm === 'broken')) return 'broken'
  if (problem && reach.state !== 'up') return 'unknown'
  return found.some(({harm}) => harm === 'soon') ? 'soon' : 'ok'
}

const loginsIn = ({profiles}: Beside) => profiles && {profiles: profiles.profiles, logNames: logNamesOf(profiles.profiles)}

export const judge = (seen: Seen, beside: Beside): Judgement => {
  const {world, now, reach} = seen
  const told = diagnose({world, now, sources: [], logins: loginsIn(beside)})
  // What answers now has not stopped, whatever the log's last words were.
  const fromLog = told.filter(({id}) => id !== 'gateway-stopped' || reach.state !== 'up')
  const found = [...whereUnreachable(seen), ...fromLog, ...ofProfiles(beside, now), ...ofCopies(beside, now)]
  return {seen, beside, found, verdict: verdictOf(seen, found)}
}

export const judgementJson = ({seen, beside, found, verdict}: Judgement) => ({
  verdict,
  now: iso(seen.now),
  gateway: {
    release: releaseOf(seen),
    port: seen.where.config.port,
    pid: seen.world.life.pid,
    reach: seen.reach.state,
    because: seen.reach.because,
    logSays: seen.world.life.state,
    logSaysSince: isoOrNull(seen.world.life.since),
    lastLineAt: isoOrNull(seen.world.newestAt),
  },
  clients: {
    refused: clientsTurnedAway({world: seen.world, now: seen.now, sources: []}),
    in: Array.from(seen.world.clients.values()).reduce((sum, {open}) => sum + open.size, 0),
  },
  problems: found.map(({since, ...rest}) => ({...rest, since: iso(since)})),
  counters: countersOf(seen.world),
  ...besideJson(beside, seen.now),
})

export const judgementText = ({seen, found, verdict}: Judgement): string =>
  [
    `${verdict}: gateway ${releaseOf(seen) ?? ''} :${seen.where.config.port} ${seen.reach.state}${seen.reach.because ? ` (${seen.reach.because})` : ''}`,
    ...(seen.problem ? [wrapped(inWords(seen.problem))] : []),
    ...found.flatMap(({harm, title, because, tryThis, count}) => [
      `${harm === 'note' ? '-' : '!'} ${title}${count > 1 ? ` (${count} times)` : ''}`,
      wrapped(because, '    '),
      wrapped(`Do: ${tryThis}`, '    '),
    ]),
    '',
  ].join('\n')
