import type {Client, Tally} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import type {BoardRow} from '../../domain/token/rotation-board.ts'
import {connectedFacts, describeSources, processSentence} from '../connected-words.ts'
import type {ClientEntry} from '../rows/client-entries.ts'
import type {State} from '../state.ts'
import {ago, clock, moment, period, plural} from '../words.ts'
import {attemptFacts, lockoutSentence, rotationSentence, whyAttempt} from './attempt.ts'
import {type Explanation, joined} from './words.ts'

/** The interval covers all recent attempts of the client, so only the row that is the whole storm shows it. */
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

const whyConnected = (state: State, {client, state: boardState, since, connectedClients}: ClientEntry): Explanation => {
  const facts = [...connectedClients.flatMap(connectedFacts), ...attemptFacts(client.last)]
  if (boardState === 'in') {
    const open = plural(Math.max(connectedClients.length, client.open.size), 'open connection')
    return {
      why: `${nameOf(client)} is in: ${open}, the last ${since === null ? 'from before gatecrab looked' : `since ${moment(since, state.now)}`}.`,
      seen: describeSources(connectedClients),
      tryThis: 'Nothing to do.',
      facts,
    }
  }
  const row = client.lastReason === null ? null : reasonById(client.lastReason)
  const why = `${nameOf(client)} was in and has left. ${row?.means ?? 'No line says why: most clients leave none.'}`
  return {
    why,
    seen: `${plural(client.connected, 'visit')}, the last ended ${ago(client.lastAt, state.now)}`,
    tryThis: row?.tryThis ?? 'Nothing to do.',
    facts,
  }
}

export const whyClient = (state: State, entry: ClientEntry): Explanation => {
  const {client, tally} = entry
  if (tally === null) return whyConnected(state, entry)
  const explanation = whyAttempt(state, tally.last)
  const others = otherReasons(client, tally.detail ?? tally.reason)
  const seen = joined([
    timesSince(tally, state.now),
    rhythm(entry, state.now),
    processSentence(state, client, tally),
    tally.hidden > 0 ? `${tally.hidden} of them not logged one by one` : null,
    tally.last.expected && `expected: ${tally.last.expected}`,
    rotationSentence(state, tally.last),
    lockoutSentence(state, tally.last),
  ])
  return {...explanation, seen, facts: [...(others === '' ? [] : [['also', others] as const]), ...explanation.facts]}
}

const boardWhy = {
  back: 'It is in again since the token was changed.',
  stayed:
    'It has stayed in. Whether it holds the new token shows when it connects anew, unless it is paired and has one of its own.',
  waiting: 'It was in during the day before the token was changed and has not come back yet.',
  refused: 'It was refused since the token was changed. In the first moments that is expected: it may read the new token yet.',
} as const

const boardTodo = ({state, tryThis, reason, graceUntil}: BoardRow, now: number): string => {
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

export const whyBoardRow = (state: State, row: BoardRow): Explanation => ({
  why: boardMeans(row, state.now),
  seen: joined([`last ${ago(row.client.lastAt, state.now)}`, row.count > 0 ? `${row.count} refused since` : null]),
  tryThis: boardTodo(row, state.now),
  facts: attemptFacts(row.client.last),
})
