import {type Attempt, failed} from '../attempts/attempt.ts'
import {type Client, stateOf} from '../attempts/client.ts'
import {clientOf, everyClient, noClients} from '../attempts/clients.ts'
import {dayMs, minuteMs} from '../durations.ts'
import type {Guest} from '../live/guest-book.ts'
import type {LiveNow} from '../live/live-now.ts'
import {asClient, lastIn, seated} from '../live/seats.ts'
import type {Visitor} from '../live/visitor.ts'
import {reasonById} from '../reasons/reason.ts'
import type {World} from '../world/world.ts'

export type BoardState = 'waiting' | 'back' | 'stuck'

export type BoardRow = {
  client: Client
  state: BoardState
  /** Why it is turned away, and how often since the rotation. */
  reason: string | null
  count: number
  /** Of these, those of the first moments, when everybody who holds the old token is refused. */
  expected: number
  backAt: number | null
  /** It was in all the time, so its token was not asked for. */
  stayed: boolean
  /** The shortest right instruction for the person who can help; of one that waits, what helps if it does not come back by itself. */
  card: string | null
  /** Until when one that was refused may still come back by itself. */
  graceUntil: number
}

export type Board = {
  rotatedAt: number
  rows: readonly BoardRow[]
  waiting: number
  back: number
  stuck: number
  noLongerKept: number
}

export const graceMs = 90_000

/** Lines of a log and the end of a plan come from two clocks of one host, and the close of a client may be told a moment before. */
const slackMs = 2000

type Trouble = {count: number; expected: number; last: Attempt}

/** A page of a wrong origin, a wrong protocol or a device that is not paired was wrong before: the new token has no part in it. */
const mayComeOfIt = ({reason, detail}: Attempt): boolean =>
  !/^(?:origin|control-ui|protocol|not-paired|pairing|scope|role|metadata|device|password|tailscale|trusted-proxy|invalid|client-version|bad-json|frame)/.test(
    detail ?? reason ?? '',
  )

const troubleSince = (recent: readonly Attempt[], from: number): ReadonlyMap<string, Trouble> => {
  const found = new Map<string, Trouble>()
  const clients = noClients()
  for (const attempt of recent) {
    if (attempt.at < from || !failed(attempt) || attempt.expected !== null || !mayComeOfIt(attempt)) continue
    const {key} = clientOf(clients, attempt, Infinity)
    const known = found.get(key)
    const early = attempt.at - from < graceMs ? 1 : 0
    found.set(key, {
      count: (known?.count ?? 0) + 1 + attempt.alsoHidden,
      expected: (known?.expected ?? 0) + early * (1 + attempt.alsoHidden),
      last: attempt,
    })
  }
  return found
}

const cutOff = (client: Client, from: number): boolean => client.last.endedAt !== null && client.last.endedAt >= from

/** What is known of one client: by the log, and by the connections of now. */
type Known = {client: Client; visitors: readonly Visitor[]; trouble: Trouble | undefined}

type Moment = {from: number; now: number}

/** A connection of before may be one that is just being closed; after this it is one that stays. */
const closingMs = 5000

/** In again since; or never cut off, as a paired device is with a token of its own. */
const backAt = ({client, visitors, trouble}: Known, {from, now}: Moment): number | null => {
  const admitted = Math.max(client.admittedAt ?? 0, lastIn(visitors) ?? 0)
  if (admitted >= from && admitted >= (trouble?.last.at ?? 0)) return admitted
  if (trouble !== undefined || cutOff(client, from)) return null
  const stays = visitors.length > 0 ? now - from >= closingMs : client.open.size > 0
  return stays ? admitted || client.firstAt : null
}

const reasonOf = ({client, trouble}: Known, back: number | null, from: number): string | null => {
  if (trouble) return trouble.last.detail ?? trouble.last.reason
  return back === null && (cutOff(client, from) || client.last.at >= from) ? client.lastReason : null
}

/** Of one that is locked out nobody knows which token it holds. */
const isLockedOut = ({last}: Trouble): boolean => (last.detail ?? last.reason) === 'rate-limited'

/** Refused after the first moments; or again and again in them, which no waiting ends. */
const isStuck = ({client, trouble}: Known, {from, now}: Moment): boolean => {
  if (trouble === undefined || isLockedOut(trouble)) return false
  return trouble.count > trouble.expected || now - from >= graceMs || stateOf(client, now) === 'storm'
}

const rowOf = (known: Known, moment: Moment): BoardRow => {
  const {client, trouble} = known
  const back = backAt(known, moment)
  const state: BoardState = back !== null ? 'back' : isStuck(known, moment) ? 'stuck' : 'waiting'
  const reason = reasonOf(known, back, moment.from)
  return {
    client,
    state,
    reason,
    count: trouble?.count ?? 0,
    expected: trouble?.expected ?? 0,
    backAt: back,
    stayed: back !== null && back < moment.from,
    card: state !== 'back' && trouble !== undefined && reason !== null ? reasonById(reason).todo : null,
    graceUntil: moment.from + graceMs,
  }
}

const order: Readonly<Record<BoardState, number>> = {stuck: 0, waiting: 1, back: 2}

const isOne = ({last}: Client): boolean => last.expected !== 'ours' && last.expected !== 'probe'

const lookEveryMs = 5000
const stayMs = minuteMs

/** In until the rotation; of a bare connection it is not known whether it would have stayed, unless it had for a while. */
const wasThere = ({visitors, firstAt, lastAt}: Guest, from: number): boolean =>
  lastAt >= from - lookEveryMs && firstAt < from - (visitors[0]?.by === 'socket' ? stayMs : 0)

/** Those who come and go without a line in the log, as the gateway or the system knows them. */
const strangersOf = (all: readonly Guest[], from: number): Known[] => {
  const guests = all.filter(guest => guest.isIn || wasThere(guest, from))
  return guests.flatMap(guest => {
    const client = asClient(guest)
    return client === null
      ? []
      : [{client: {...client, key: `in ${guest.key}`}, visitors: guest.isIn ? guest.visitors : [], trouble: undefined}]
  })
}

/** One that never got in before the change, and was not refused for it since, has nothing to come back to. */
const isConcerned = ({client, visitors, trouble}: Known): boolean =>
  trouble !== undefined || client.connected > 0 || client.open.size > 0 || visitors.length > 0

/** Who is back since the token was changed: everybody who was in during the day before it, or came since, by the log or by those who listen. */
export const boardOf = (world: World, rotatedAt: number, now: number, live: LiveNow | null = null): Board => {
  const from = rotatedAt - slackMs
  const trouble = troubleSince(world.recent, from)
  const clients = everyClient(world.clients)
  const seats = live && seated(clients, live)
  const logged = clients
    .filter(client => client.lastAt >= rotatedAt - dayMs && isOne(client))
    .map(client => ({client, visitors: seats?.of.get(client.key) ?? [], trouble: trouble.get(client.key)}))
    .filter(isConcerned)
  const rows = [...logged, ...strangersOf(seats?.strangers ?? [], from)]
    .map(known => rowOf(known, {from, now}))
    .toSorted((a, b) => order[a.state] - order[b.state] || b.count - a.count || b.client.lastAt - a.client.lastAt)
  const count = (state: BoardState): number => rows.filter(row => row.state === state).length
  return {
    rotatedAt,
    rows,
    waiting: count('waiting'),
    back: count('back'),
    stuck: count('stuck'),
    noLongerKept: world.clients.dropped.clients,
  }
}

/** Somebody is still to come back. */
export const isOpen = ({waiting, stuck}: Board): boolean => waiting + stuck > 0

/** A refusal of the first moments, which needs nobody. */
export const isExpectedAt = (attempt: Pick<Attempt, 'at'>, rotatedAt: number): boolean =>
  attempt.at >= rotatedAt - slackMs && attempt.at - rotatedAt < graceMs
