import {type Attempt, addressOf} from '../../domain/attempts/attempt.ts'
import {nameless, ownName, shortened} from '../../domain/attempts/client-name.ts'
import {type Filter, passes} from '../rows/filter.ts'
import type {Column, Role, Row, Rows} from '../rows/rows.ts'
import {clockMs, length, moment} from '../words.ts'

const columns: readonly Column[] = [
  {title: 'TIME', width: 8, wide: 12},
  {title: 'CLIENT', width: 18, grow: true},
  {title: 'FROM', width: 15, wide: 24, from: 64},
  {title: 'CODE', width: 4},
  {title: 'OUTCOME', width: 9, from: 52},
  {title: 'REASON', width: 20, wide: 28},
  {title: 'TOOK', width: 7, right: true, from: 90},
  {title: 'CLOSE TEXT', width: 32, from: 130},
]

const outcomeRoles: Record<Attempt['outcome'], Role> = {refused: 'bad', left: 'dim', connected: 'good', pending: 'note'}

const nameOfAttempt = ({client, deviceId}: Attempt): string => {
  const own = ownName(client)
  const kind = client.id === null ? null : [shortened(client.id), client.version].filter(Boolean).join(' ')
  if (own !== null) return kind === null ? own : `${own} (${kind})`
  return kind ?? nameless(deviceId)
}

const searchOf = (attempt: Attempt) => {
  const named = {
    client: nameOfAttempt(attempt),
    from: addressOf(attempt) ?? '',
    reason: `${attempt.reason ?? ''} ${attempt.detail ?? ''}`,
    code: String(attempt.closeCode ?? ''),
    outcome: attempt.outcome,
    text: attempt.closeReason ?? '',
    origin: attempt.origin ?? '',
    device: attempt.deviceId ?? '',
    ua: attempt.userAgent ?? '',
    conn: attempt.id,
    layer: attempt.layer ?? '',
  }
  return {all: Object.values(named).join(' '), named}
}

const rowOf = (attempt: Attempt, now: number): Row => {
  const role: Role = attempt.expected ? 'dim' : 'plain'
  const hidden = attempt.alsoHidden > 0 ? ` +${attempt.alsoHidden}` : ''
  return {
    key: attempt.id,
    dim: attempt.expected !== null,
    search: searchOf(attempt),
    cells: [
      {text: now - attempt.at < 43_200_000 ? clockMs(attempt.at) : moment(attempt.at, now), role: 'dim', cut: 'silently'},
      {text: nameOfAttempt(attempt), role},
      {text: addressOf(attempt) ?? '', role},
      {text: String(attempt.closeCode ?? ''), role},
      {text: attempt.outcome, role: attempt.expected ? 'dim' : outcomeRoles[attempt.outcome]},
      {
        text: `${attempt.detail ?? attempt.reason ?? ''}${hidden}`,
        role: attempt.expected || attempt.outcome === 'connected' ? 'dim' : 'warn',
      },
      {text: attempt.endedAt === null ? '' : length(attempt.endedAt - attempt.at), role: 'dim'},
      {text: attempt.closeReason ?? '', role: 'dim'},
    ],
  }
}

/** Newest first: what just happened is what one looks for. */
export const attemptRows = (
  recent: readonly Attempt[],
  filter: Filter,
  hidesExpected: boolean,
  now: number,
): {rows: Rows; attempts: Attempt[]} => {
  const matching =
    filter.terms.length === 0 && !hidesExpected
      ? recent
      : recent.filter(attempt => (!hidesExpected || !attempt.expected) && passes(filter, searchOf(attempt)))
  const attempts = matching.toReversed()
  return {
    attempts,
    rows: {
      columns,
      count: attempts.length,
      keyAt: index => attempts[index]?.id ?? '',
      indexOf: key => attempts.findIndex(attempt => attempt.id === key),
      rowAt: index => rowOf(attempts[index]!, now),
      endsWithNewest: false,
    },
  }
}
