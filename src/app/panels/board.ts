import {addressOf} from '../../domain/attempts/attempt.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import {
  type BoardRow,
  type BoardState,
  buildRotationBoard,
  hasMissingClients,
  type RotationBoard,
} from '../../domain/token/rotation-board.ts'
import {type Cell, type Column, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago, clock} from '../words.ts'
import {attemptFacts} from './attempts.ts'
import {type Explanation, iso, joined, type PanelInput, viewOf} from './panel.ts'

const columns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'STATE', width: 8},
  {title: 'CLIENT', width: 14, grow: true},
  {title: 'FROM', width: 15, from: 76},
  {title: 'REASON', width: 20},
  {title: 'COUNT', width: 5, right: true, from: 56},
  {title: 'BACK AT', width: 8, from: 62},
]

const roles: Record<BoardState, Role> = {stuck: 'bad', waiting: 'note', back: 'good'}
const signs: Record<BoardState, readonly [string, string]> = {stuck: ['●', '*'], waiting: ['…', '.'], back: ['✓', '+']}

const rowOf = ({client, state, reason, count, expected, backAt, stayed}: BoardRow, isAscii: boolean): Row => {
  const role = roles[state]
  const name = nameOf(client)
  const from = addressOf(client) ?? ''
  const why = state === 'waiting' && expected > 0 ? `${reason ?? ''} (expected)` : (reason ?? '')
  const named = {client: name, from, state, reason: reason ?? ''}
  return {
    key: client.key,
    dim: state === 'back',
    search: {all: Object.values(named).join(' '), named},
    cells: [
      {text: signs[state][isAscii ? 1 : 0], role},
      {text: state, role},
      {text: name, role: state === 'back' ? 'plain' : 'strong'},
      {text: from},
      {text: why, role: state === 'stuck' ? 'warn' : 'dim'},
      {text: count === 0 ? '' : String(count)},
      {text: stayed ? 'stayed' : backAt === null ? '' : clock(backAt), role: 'good'},
    ],
  }
}

/** How the rotation stands, in one line. */
export const boardText = (board: RotationBoard): Cell => {
  const counts = [`${board.stuck} stuck`, `${board.waiting} waiting`, `${board.back} back`, droppedText(board.droppedRecords)]
    .filter(Boolean)
    .join(', ')
  return {
    text: `new token at ${clock(board.rotatedAt)}: ${counts}; b or esc closes the board`,
    role: hasMissingClients(board) ? 'title' : 'good',
  }
}

const boardWhy = {
  back: 'It is in again since the token was changed.',
  stayed:
    'It has stayed in. Whether it holds the new token shows when it connects again, unless it is paired and has one of its own.',
  waiting: 'It was in during the day before the token was changed and has not come back yet.',
  refused: 'It was refused since the token was changed. In the first moments that is expected: it may read the new token yet.',
} as const

const rotationAdvice = ({state, tryThis, reason, graceUntil}: BoardRow, now: number): string => {
  if (state === 'back') return 'Nothing to do.'
  if (tryThis === null && reason !== null && reason !== 'token-changed')
    return `The new token has no part in ${reason}: 1 Clients says what helps.`
  if (tryThis === null) return state === 'waiting' ? 'Nothing to do until it comes back or is refused.' : 'Nothing to do.'
  return state === 'waiting' && now < graceUntil
    ? `${tryThis} Until ${clock(graceUntil)} it may also come back by itself.`
    : tryThis
}

const boardMeans = ({state, reason, tryThis, graceUntil, stayed}: BoardRow, now: number): string => {
  if (state === 'waiting' && tryThis !== null && now < graceUntil) return boardWhy.refused
  if (reason !== null && tryThis !== null) return reasonById(reason).means
  return state === 'stuck' ? 'It has not come back.' : boardWhy[stayed ? 'stayed' : state]
}

const whyBoardRow = (state: PanelInput, row: BoardRow): Explanation => ({
  why: boardMeans(row, state.now),
  seen: joined([`last ${ago(row.client.lastAt, state.now)}`, row.count > 0 ? `${row.count} refused since` : null]),
  tryThis: rotationAdvice(row, state.now),
  facts: attemptFacts(row.client.last),
})

/** Who is back since the token was changed; it stands in the place of the clients. */
export const viewBoard = viewOf<BoardRow>({
  rows: ({world, boardSince, now, live, filter}, isAscii) =>
    filteredRows(
      columns,
      boardSince === null ? [] : buildRotationBoard(world, boardSince, now, live).rows,
      row => rowOf(row, isAscii),
      filter,
    ),
  why: whyBoardRow,
  evidence: ({client}) => ({is: 'lines', title: nameOf(client), lines: client.last.evidence}),
  times: ({client}) => `last ${iso(client.lastAt)}`,
})
