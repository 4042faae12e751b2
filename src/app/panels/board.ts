import {addressOf} from '../../domain/attempts/attempt.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {type BoardRow, type BoardState, hasMissingClients, type RotationBoard} from '../../domain/token/rotation-board.ts'
import {type Filter, passes} from '../rows/filter.ts'
import type {Cell, Column, Role, Row} from '../rows/rows.ts'
import {clock} from '../words.ts'

export const boardColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'STATE', width: 8},
  {title: 'CLIENT', width: 14, grow: true},
  {title: 'FROM', width: 15},
  {title: 'REASON', width: 20},
  {title: 'COUNT', width: 5, right: true},
  {title: 'BACK AT', width: 8},
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

export const boardRows = (board: RotationBoard, filter: Filter, isAscii: boolean): {rows: Row[]; found: BoardRow[]} => {
  const all = board.rows.map(found => ({found, row: rowOf(found, isAscii)})).filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), found: all.map(({found}) => found)}
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
