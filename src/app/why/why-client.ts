import type {Client, Tally} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/name.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import type {BoardRow} from '../../domain/token/board.ts'
import type {ClientEntry} from '../rows/client-entries.ts'
import type {State} from '../state.ts'
import {howKnown, processNote, visitorFacts} from '../visitor-words.ts'
import {ago, clock, moment, period, plural} from '../words.ts'
import {attemptFacts, lockNote, ofAttempt, rotationNote} from './why-attempt.ts'
import {joined, type Why} from './why-words.ts'

/** The rhythm is that of all its knocks, so it is told of the row that makes it alone. */
const rhythm = ({client, state}: ClientEntry, now: number): string | null => {
  const storm = state === 'storm' ? stormOf(client, now) : null
  return storm ? `again every ${period(storm.periodMs)}` : null
}

/** A count without its beginning answers half of "how bad is it, and since when". */
const timesSince = ({count, hidden, run, lastAt}: Tally, now: number): string => {
  const all = count + hidden
  if (all === 1) return `once, ${ago(lastAt, now)}`
  const before = all > run.count ? `, ${all} in all` : ''
  return `${run.count === 1 ? 'once' : `${run.count} times`} since ${moment(run.since, now)}${before}, last ${ago(lastAt, now)}`
}

const otherReasons = (client: Client, but: string): string =>
  Array.from(client.tallies.values())
    .filter(tally => (tally.detail ?? tally.reason) !== but)
    .map(tally => `${tally.detail ?? tally.reason} ×${tally.count + tally.hidden}`)
    .join(', ')

const ofVisitor = (state: State, {client, state: fate, since, visitors}: ClientEntry): Why => {
  const facts = [...visitors.flatMap(visitorFacts), ...attemptFacts(client.last)]
  if (fate === 'in') {
    const open = plural(Math.max(visitors.length, client.open.size), 'open connection')
    return {
      why: `${nameOf(client)} is in: ${open}, the last ${since === null ? 'from before gatecrab looked' : `since ${moment(since, state.now)}`}.`,
      seen: howKnown(visitors),
      todo: 'Nothing to do.',
      facts,
    }
  }
  const row = client.lastReason === null ? null : reasonById(client.lastReason)
  const why = `${nameOf(client)} was in and has left. ${row?.means ?? 'No line says why: most clients leave none.'}`
  return {
    why,
    seen: `${plural(client.connected, 'visit')}, the last ended ${ago(client.lastAt, state.now)}`,
    todo: row?.todo ?? 'Nothing to do.',
    facts,
  }
}

export const ofClient = (state: State, entry: ClientEntry): Why => {
  const {client, tally} = entry
  if (tally === null) return ofVisitor(state, entry)
  const told = ofAttempt(state, tally.last)
  const others = otherReasons(client, tally.detail ?? tally.reason)
  const seen = joined([
    timesSince(tally, state.now),
    rhythm(entry, state.now),
    processNote(state, client, tally),
    tally.hidden > 0 ? `${tally.hidden} of them not logged one by one` : null,
    tally.last.expected && `expected: ${tally.last.expected}`,
    rotationNote(state, tally.last),
    lockNote(state, tally.last),
  ])
  return {...told, seen, facts: [...(others === '' ? [] : [['also', others] as const]), ...told.facts]}
}

const boardWhy = {
  back: 'It is in again since the token was changed.',
  stayed:
    'It has stayed in. Whether it holds the new token shows when it connects anew, unless it is paired and has one of its own.',
  waiting: 'It was in during the day before the token was changed and has not come back yet.',
  refused: 'It was refused since the token was changed. In the first moments that is expected: it may read the new token yet.',
} as const

const boardTodo = ({state, card, reason, graceUntil}: BoardRow, now: number): string => {
  if (state === 'back') return 'Nothing to do.'
  if (card === null && reason !== null && reason !== 'token-changed')
    return `The new token has no part in ${reason}: 1 Clients says what helps.`
  if (card === null) return state === 'waiting' ? 'Nothing to do until it comes back or is refused.' : 'Nothing to do.'
  return state === 'waiting' && now < graceUntil ? `${card} Until ${clock(graceUntil)} it may also come back by itself.` : card
}

const boardMeans = ({state, reason, card, graceUntil, stayed}: BoardRow, now: number): string => {
  if (state === 'waiting' && card !== null && now < graceUntil) return boardWhy.refused
  if (reason !== null && card !== null) return reasonById(reason).means
  return state === 'stuck' ? 'It has not come back.' : boardWhy[stayed ? 'stayed' : state]
}

export const ofBoard = (state: State, row: BoardRow): Why => ({
  why: boardMeans(row, state.now),
  seen: joined([`last ${ago(row.client.lastAt, state.now)}`, row.count > 0 ? `${row.count} refused since` : null]),
  todo: boardTodo(row, state.now),
  facts: attemptFacts(row.client.last),
})
