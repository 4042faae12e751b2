import {fleetRow, fleetSummary, fleetWhy} from '../../app/rows/fleet-rows.ts'
import {clock} from '../../app/words.ts'
import {isFailure} from '../../domain/failure.ts'
import {
  applyFleetEvent,
  createRemoteGateway,
  type FleetEvent,
  type FleetMember,
  type FleetStatus,
  fleetStatusOf,
  type RemoteGateway,
  worstFirst,
} from '../../domain/fleet.ts'
import type {FleetCommands} from '../../gateway/fleet.ts'
import {askGateway, watchFleet} from '../../sources/fleet.ts'
import {type ExitCode, exit} from '../command.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import type {Args} from '../options.ts'
import {toJson} from '../print/json.ts'
import {isForPerson, wrapped} from '../print/word-wrap.ts'
import {interrupted} from '../signals.ts'
import type {FleetArgs} from './flags.ts'

const distantJson = (one: RemoteGateway, member: FleetMember | undefined, now: number) => {
  const {host, status: word, lastSeenAt, problem, retryAt} = one
  return {
    host,
    kind: member?.kind ?? null,
    standing: fleetStatusOf(one, now),
    verdict: word?.verdict ?? null,
    gatecrab: word?.gatecrab ?? null,
    release: word?.release ?? null,
    reach: word?.reach ?? null,
    clients: word && {refused: word.refused, in: word.in},
    nextEndAt: word?.nextEndMs == null || lastSeenAt === null ? null : iso(lastSeenAt + word.nextEndMs),
    problems: word?.problems ?? [],
    heardAt: isoOrNull(lastSeenAt),
    unreachable: problem && {title: problem.title, because: problem.because ?? null, tryThis: problem.tryThis ?? null},
    retryAt: isoOrNull(retryAt),
  }
}

/** What is broken counts before what could not be asked, and that before what will break. */
const codeOf = (standings: readonly FleetStatus[]): ExitCode => {
  if (standings.includes('broken')) return exit.broken
  if (standings.some(status => status !== 'ok' && status !== 'soon')) return exit.unknown
  return standings.includes('soon') ? exit.soon : exit.fine
}

const askOne = async (member: FleetCommands): Promise<RemoteGateway> => {
  const host = member.name
  const answer = await askGateway(member)
  const at = Date.now()
  const fleetEvent: FleetEvent = isFailure(answer)
    ? {kind: 'lost', host, problem: answer, retryAt: null, at}
    : {kind: 'said', host, status: answer.status, event: answer.event, at}
  return applyFleetEvent(createRemoteGateway(host), fleetEvent)
}

const gatewayText = (one: RemoteGateway, now: number, isAscii: boolean): string[] => {
  const cells = fleetRow(one, now, isAscii).cells.map(({text}) => text)
  const row = [cells[0], one.host, cells[2], cells[3]].filter(Boolean).join('  ')
  return [row, ...fleetWhy(one, now).map(({label, text}) => wrapped(`${label}: ${text}`, '    '))]
}

const inText = (fleet: readonly RemoteGateway[], now: number, isAscii: boolean): string =>
  [
    fleetSummary(fleet, now, isAscii)
      .map(({text}) => text)
      .join('  '),
    ...worstFirst(fleet, now).flatMap(one => gatewayText(one, now, isAscii)),
    '',
  ].join('\n')

/** One verdict per gateway, queried in parallel. */
export const fleetCheck = async (args: Args, {gateways}: FleetArgs): Promise<ExitCode> => {
  const fleet = await Promise.all(gateways.map(askOne))
  const now = Date.now()
  const found = worstFirst(fleet, now)
  process.stdout.write(
    args.flag('json')
      ? `${toJson(
          {
            now: iso(now),
            hosts: found.map(one =>
              distantJson(
                one,
                gateways.find(({name}) => name === one.host),
                now,
              ),
            ),
          },
          2,
        )}\n`
      : inText(found, now, args.flag('ascii')),
  )
  return codeOf(found.map(one => fleetStatusOf(one, now)))
}

/** A line where the state of one of them changed, or it went out of reach or came back. */
export const fleetCheckWatch = async (args: Args, {gateways}: FleetArgs): Promise<ExitCode> => {
  const inWords = isForPerson(args.flag('json'))
  const byName = new Map(gateways.map(({name}) => [name, createRemoteGateway(name)]))
  const isNews = (fleetEvent: FleetEvent, before: RemoteGateway): boolean =>
    fleetEvent.kind === 'lost'
      ? before.problem?.title !== fleetEvent.problem.title
      : fleetEvent.event === 'changed' || before.status === null || before.problem !== null
  const fleet = watchFleet({
    gateways,
    onEvent: fleetEvent => {
      const before = byName.get(fleetEvent.host) ?? createRemoteGateway(fleetEvent.host)
      const now = applyFleetEvent(before, fleetEvent)
      byName.set(fleetEvent.host, now)
      if (!isNews(fleetEvent, before)) return
      if (inWords) {
        const text = gatewayText(now, fleetEvent.at, args.flag('ascii')).join('\n')
        process.stdout.write(`${clock(fleetEvent.at)} ${text}\n`)
        return
      }
      const event =
        fleetEvent.kind === 'lost' ? 'lost' : before.lastSeenAt === null ? 'began' : before.problem ? 'back' : 'changed'
      process.stdout.write(
        `${toJson({
          event,
          at: iso(fleetEvent.at),
          was: fleetStatusOf(before, fleetEvent.at),
          ...distantJson(
            now,
            gateways.find(({name}) => name === fleetEvent.host),
            fleetEvent.at,
          ),
        })}\n`,
      )
    },
  })
  const code = await interrupted()
  fleet.close()
  return code
}
