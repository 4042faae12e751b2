import {type Attempt, failed} from './attempt.ts'
import {type Client, clientOf} from './client.ts'
import {reasonById} from './reason.ts'
import type {World} from './world.ts'

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
  /** The shortest right instruction for the person who can help. */
  card: string | null
}

export type Board = {rotatedAt: number; rows: readonly BoardRow[]; waiting: number; back: number; stuck: number}

export const graceMs = 90_000
const day = 86_400_000

/** Lines of a log and the end of a plan come from two clocks of one host, and the close of a client may be told a moment before. */
const slackMs = 2000

type Trouble = {count: number; expected: number; last: Attempt}

const troubleSince = (recent: readonly Attempt[], from: number): ReadonlyMap<string, Trouble> => {
  const found = new Map<string, Trouble>()
  const keys = new Map<string, Client>()
  for (const attempt of recent) {
    if (attempt.at < from || !failed(attempt) || attempt.expected !== null) continue
    const {key} = clientOf(keys, attempt, Infinity)
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

/** In again since; or never cut off, as a paired device is with a token of its own. */
const backAt = (client: Client, from: number, trouble: Trouble | undefined): number | null => {
  const admitted = client.admittedAt
  if (admitted !== null && admitted >= from && admitted >= (trouble?.last.at ?? 0)) return admitted
  return client.open.size > 0 && trouble === undefined && !cutOff(client, from) ? (admitted ?? client.firstAt) : null
}

const rowOf = (client: Client, from: number, trouble: Trouble | undefined, now: number): BoardRow => {
  const back = backAt(client, from, trouble)
  const late = trouble !== undefined && (trouble.count > trouble.expected || now - from >= graceMs)
  const state: BoardState = back !== null ? 'back' : late ? 'stuck' : 'waiting'
  const reason =
    trouble?.last.detail ?? trouble?.last.reason ?? (back === null && cutOff(client, from) ? client.lastReason : null)
  return {
    client,
    state,
    reason,
    count: trouble?.count ?? 0,
    expected: trouble?.expected ?? 0,
    backAt: back,
    card: state === 'stuck' && reason !== null ? reasonById(reason).todo : null,
  }
}

const order: Readonly<Record<BoardState, number>> = {stuck: 0, waiting: 1, back: 2}

const isOne = ({last}: Client): boolean => last.expected !== 'ours' && last.expected !== 'probe'

/** Who is back since the token was changed: everybody who came in the day before it, or since. */
export const boardOf = (world: World, rotatedAt: number, now: number): Board => {
  const from = rotatedAt - slackMs
  const trouble = troubleSince(world.recent, from)
  const rows = Array.from(world.clients.values())
    .filter(client => client.lastAt >= rotatedAt - day && isOne(client))
    .map(client => rowOf(client, from, trouble.get(client.key), now))
    .toSorted((a, b) => order[a.state] - order[b.state] || b.count - a.count || b.client.lastAt - a.client.lastAt)
  const count = (state: BoardState): number => rows.filter(row => row.state === state).length
  return {rotatedAt, rows, waiting: count('waiting'), back: count('back'), stuck: count('stuck')}
}

/** Somebody is still to come back. */
export const isOpen = ({waiting, stuck}: Board): boolean => waiting + stuck > 0

/** A refusal of the first moments, which needs nobody. */
export const isExpectedAt = (attempt: Pick<Attempt, 'at'>, rotatedAt: number): boolean =>
  attempt.at >= rotatedAt - slackMs && attempt.at - rotatedAt < graceMs
