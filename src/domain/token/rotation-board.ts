import {type Attempt, isFailed} from '../attempts/attempt.ts'
import {type Client, clientStateOf} from '../attempts/client.ts'
import {createClients, everyClient, findOrAddClient} from '../attempts/clients.ts'
import {dayMs, minuteMs} from '../durations.ts'
import type {ConnectedClient} from '../live/connected-client.ts'
import type {LiveNow} from '../live/live-state.ts'
import {lastConnectedAt, matchClients, toClient} from '../live/match-clients.ts'
import type {VisitRecord} from '../live/visit-history.ts'
import {aboutOf, reasonById} from '../reasons/reason.ts'
import type {ReasonAbout} from '../reasons/row.ts'
import type {World} from '../world/world.ts'

export type BoardState = 'waiting' | 'back' | 'stuck'

export type BoardRow = {
  client: Client
  state: BoardState
  /** Why it is refused, and how often since the rotation. */
  reason: string | null
  count: number
  /** Of these, those of the first moments, when everybody who holds the old token is refused. */
  expected: number
  backAt: number | null
  /** It was in all the time, so its token was not asked for. */
  stayed: boolean
  /** The shortest right instruction for the person who can help; of one that waits, what helps if it does not come back by itself. */
  tryThis: string | null
  /** Until when one that was refused may still come back by itself. */
  graceUntil: number
}

export type RotationBoard = {
  rotatedAt: number
  rows: readonly BoardRow[]
  waiting: number
  back: number
  stuck: number
  droppedRecords: number
}

export const graceMs = 90_000

/** Lines of a log and the end of a plan come from two clocks of one host, and the close of a client may be told a moment before. */
const slackMs = 2000

type RefusalCount = {count: number; expected: number; last: Attempt}

const untouchedByRotation: readonly (ReasonAbout | null)[] = [
  'password',
  'device-token',
  'device',
  'page',
  'client',
  'proxy',
  'worker',
]

/** A page of a wrong origin, a wrong protocol or a device that is not paired was wrong before: the new token has no part in it. */
const mayBeCausedByRotation = ({reason, detail}: Attempt): boolean =>
  !untouchedByRotation.includes(aboutOf(detail ?? reason ?? ''))

const refusalsSince = (recent: readonly Attempt[], from: number): ReadonlyMap<string, RefusalCount> => {
  const found = new Map<string, RefusalCount>()
  const clients = createClients()
  for (const attempt of recent) {
    if (attempt.at < from || !isFailed(attempt) || attempt.expected !== null || !mayBeCausedByRotation(attempt)) continue
    const {key} = findOrAddClient(clients, attempt, Infinity)
    const boardClient = found.get(key)
    const early = attempt.at - from < graceMs ? 1 : 0
    found.set(key, {
      count: (boardClient?.count ?? 0) + 1 + attempt.alsoHidden,
      expected: (boardClient?.expected ?? 0) + early * (1 + attempt.alsoHidden),
      last: attempt,
    })
  }
  return found
}

const cutOff = (client: Client, from: number): boolean => client.last.endedAt !== null && client.last.endedAt >= from

/** Everything known about one client: from the log, and from its current connections. */
type BoardClient = {client: Client; connectedClients: readonly ConnectedClient[]; refusals: RefusalCount | undefined}

type Moment = {from: number; now: number}

/** A connection of before may be one that is just being closed; after this it is one that stays. */
const closingMs = 5000

/** In again since; or never cut off, as a paired device is with a token of its own. */
const backAt = ({client, connectedClients, refusals}: BoardClient, {from, now}: Moment): number | null => {
  const admitted = Math.max(client.admittedAt ?? 0, lastConnectedAt(connectedClients) ?? 0)
  if (admitted >= from && admitted >= (refusals?.last.at ?? 0)) return admitted
  if (refusals !== undefined || cutOff(client, from)) return null
  const stays = connectedClients.length > 0 ? now - from >= closingMs : client.open.size > 0
  return stays ? admitted || client.firstAt : null
}

const reasonOf = ({client, refusals}: BoardClient, back: number | null, from: number): string | null => {
  if (refusals) return refusals.last.detail ?? refusals.last.reason
  return back === null && (cutOff(client, from) || client.last.at >= from) ? client.lastReason : null
}

/** Of one that is locked out nobody knows which token it holds. */
const isLockedOut = ({last}: RefusalCount): boolean => (last.detail ?? last.reason) === 'rate-limited'

/** Refused after the first moments; or again and again in them, which no waiting ends. */
const isStuck = ({client, refusals}: BoardClient, {from, now}: Moment): boolean => {
  if (refusals === undefined || isLockedOut(refusals)) return false
  return refusals.count > refusals.expected || now - from >= graceMs || clientStateOf(client, now) === 'storm'
}

const rowOf = (boardClient: BoardClient, moment: Moment): BoardRow => {
  const {client, refusals} = boardClient
  const back = backAt(boardClient, moment)
  const state: BoardState = back !== null ? 'back' : isStuck(boardClient, moment) ? 'stuck' : 'waiting'
  const reason = reasonOf(boardClient, back, moment.from)
  return {
    client,
    state,
    reason,
    count: refusals?.count ?? 0,
    expected: refusals?.expected ?? 0,
    backAt: back,
    stayed: back !== null && back < moment.from,
    tryThis: state !== 'back' && refusals !== undefined && reason !== null ? reasonById(reason).tryThis : null,
    graceUntil: moment.from + graceMs,
  }
}

const order: Readonly<Record<BoardState, number>> = {stuck: 0, waiting: 1, back: 2}

const isOne = ({last}: Client): boolean => last.expected !== 'ours' && last.expected !== 'probe'

const lookEveryMs = 5000
const stayMs = minuteMs

/** In until the rotation; of a bare connection it is not known whether it would have stayed, unless it had for a while. */
const wasThere = ({connectedClients, firstAt, lastAt}: VisitRecord, from: number): boolean =>
  lastAt >= from - lookEveryMs && firstAt < from - (connectedClients[0]?.by === 'socket' ? stayMs : 0)

/** Those who come and go without a line in the log, as the gateway or the system knows them. */
const unmatchedClients = (all: readonly VisitRecord[], from: number): BoardClient[] => {
  const records = all.filter(record => record.isIn || wasThere(record, from))
  return records.flatMap(record => {
    const client = toClient(record)
    return client === null
      ? []
      : [
          {
            client: {...client, key: `in ${record.key}`},
            connectedClients: record.isIn ? record.connectedClients : [],
            refusals: undefined,
          },
        ]
  })
}

/** One that never got in before the change, and was not refused for it since, has nothing to come back to. */
const isConcerned = ({client, connectedClients, refusals}: BoardClient): boolean =>
  refusals !== undefined || client.connected > 0 || client.open.size > 0 || connectedClients.length > 0

/** Who is back since the token was changed: everybody who was in during the day before it, or came since, by the log or by those who listen. */
export const buildRotationBoard = (world: World, rotatedAt: number, now: number, live: LiveNow | null = null): RotationBoard => {
  const from = rotatedAt - slackMs
  const refusals = refusalsSince(world.recent, from)
  const clients = everyClient(world.clients)
  const matches = live && matchClients(clients, live)
  const logged = clients
    .filter(client => client.lastAt >= rotatedAt - dayMs && isOne(client))
    .map(client => ({client, connectedClients: matches?.of.get(client.key) ?? [], refusals: refusals.get(client.key)}))
    .filter(isConcerned)
  const rows = [...logged, ...unmatchedClients(matches?.unmatched ?? [], from)]
    .map(boardClient => rowOf(boardClient, {from, now}))
    .toSorted((a, b) => order[a.state] - order[b.state] || b.count - a.count || b.client.lastAt - a.client.lastAt)
  const count = (state: BoardState): number => rows.filter(row => row.state === state).length
  return {
    rotatedAt,
    rows,
    waiting: count('waiting'),
    back: count('back'),
    stuck: count('stuck'),
    droppedRecords: world.clients.dropped.clients,
  }
}

/** At least one client has not reconnected. */
export const hasMissingClients = ({waiting, stuck}: RotationBoard): boolean => waiting + stuck > 0

/** A refusal right after the rotation, which is expected. */
export const isExpectedAt = (attempt: Pick<Attempt, 'at'>, rotatedAt: number): boolean =>
  attempt.at >= rotatedAt - slackMs && attempt.at - rotatedAt < graceMs
