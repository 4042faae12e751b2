import {fleetRow, fleetSummary, fleetWhy} from '../../app/rows/fleet-rows.ts'
import {type Distant, distant, type Standing, standingOf, type Tiding, withTiding, worstFirst} from '../../domain/fleet.ts'
import {askHost, watchFleet} from '../../sources/fleet.ts'
import {type ExitCode, exit, isProblem} from '../command.ts'
import type {Given} from '../flags.ts'
import {interrupted} from '../screen/signals.ts'
import {iso, isoOrNull} from '../time.ts'
import {toJson} from '../told/json.ts'
import {wrapped} from '../told/wrapped.ts'
import type {FleetGiven} from './fleet-flags.ts'

const distantJson = (one: Distant, now: number) => {
  const {host, word, heardAt, problem, retryAt} = one
  return {
    host,
    standing: standingOf(one, now),
    verdict: word?.verdict ?? null,
    gatecrab: word?.gatecrab ?? null,
    release: word?.release ?? null,
    reach: word?.reach ?? null,
    clients: word && {refused: word.refused, in: word.in},
    nextEndAt: word?.nextEndMs == null || heardAt === null ? null : iso(heardAt + word.nextEndMs),
    problems: word?.problems ?? [],
    heardAt: isoOrNull(heardAt),
    unreachable: problem && {title: problem.title, because: problem.because ?? null, tryThis: problem.tryThis ?? null},
    retryAt: isoOrNull(retryAt),
  }
}

/** What is broken counts before what could not be asked, and that before what will break. */
const codeOf = (standings: readonly Standing[]): ExitCode => {
  if (standings.includes('broken')) return exit.broken
  if (standings.some(standing => standing !== 'ok' && standing !== 'soon')) return exit.unknown
  return standings.includes('soon') ? exit.soon : exit.fine
}

const askOne = async (host: string, gatecrab: string): Promise<Distant> => {
  const said = await askHost(host, gatecrab)
  const at = Date.now()
  const tiding: Tiding = isProblem(said)
    ? {kind: 'lost', host, problem: said, retryAt: null, at}
    : {kind: 'said', host, word: said.word, event: said.event, at}
  return withTiding(distant(host), tiding)
}

const inText = (fleet: readonly Distant[], now: number, isAscii: boolean): string =>
  [
    fleetSummary(fleet, now, isAscii)
      .map(({text}) => text)
      .join('  '),
    ...worstFirst(fleet, now).flatMap(one => {
      const cells = fleetRow(one, now, isAscii).cells.map(({text}) => text)
      const row = [cells[0], one.host, cells[2], cells[3]].filter(Boolean).join('  ')
      return [row, ...fleetWhy(one, now).map(({label, text}) => wrapped(`${label}: ${text}`, '    '))]
    }),
    '',
  ].join('\n')

/** One verdict of each, asked at the same time. */
export const fleetCheck = async (given: Given, {hosts, gatecrab}: FleetGiven): Promise<ExitCode> => {
  const fleet = await Promise.all(hosts.map(host => askOne(host, gatecrab)))
  const now = Date.now()
  const found = worstFirst(fleet, now)
  process.stdout.write(
    given.has('json')
      ? `${toJson({now: iso(now), hosts: found.map(one => distantJson(one, now))}, 2)}\n`
      : inText(found, now, given.has('ascii')),
  )
  return codeOf(found.map(one => standingOf(one, now)))
}

/** A line where the state of one of them changed, or it went out of reach or came back. */
export const fleetCheckWatch = async ({hosts, gatecrab}: FleetGiven): Promise<ExitCode> => {
  const known = new Map(hosts.map(host => [host, distant(host)]))
  const isNews = (tiding: Tiding, before: Distant): boolean =>
    tiding.kind === 'lost'
      ? before.problem?.title !== tiding.problem.title
      : tiding.event === 'changed' || before.word === null || before.problem !== null
  const fleet = watchFleet({
    hosts,
    gatecrab,
    onTiding: tiding => {
      const before = known.get(tiding.host) ?? distant(tiding.host)
      const now = withTiding(before, tiding)
      known.set(tiding.host, now)
      if (!isNews(tiding, before)) return
      const event = tiding.kind === 'lost' ? 'lost' : before.heardAt === null ? 'began' : before.problem ? 'back' : 'changed'
      process.stdout.write(
        `${toJson({event, at: iso(tiding.at), was: standingOf(before, tiding.at), ...distantJson(now, tiding.at)})}\n`,
      )
    },
  })
  const code = await interrupted()
  fleet.close()
  return code
}
