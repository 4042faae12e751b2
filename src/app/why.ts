import {type Attempt, addressOf} from '../domain/attempt.ts'
import {type Client, stormOf} from '../domain/client.ts'
import {isExempt, lockoutOf} from '../domain/lockout.ts'
import {reasonById} from '../domain/reason.ts'
import {nameOf} from './client-rows.ts'
import type {Chosen} from './look.ts'
import type {State} from './state.ts'
import {ago, clock, length, moment, plural} from './words.ts'

/** What happened, why, and what to do, for the row that is chosen. */
export type Why = {why: string; todo: string; facts: readonly (readonly [string, string])[]}

const sureness = {certain: '', likely: ' (very likely)', guess: ' (not known for sure)'} as const

const rowFor = (attempt: Attempt) => reasonById(attempt.detail ?? attempt.reason ?? 'unknown')

const rotationNote = (state: State, attempt: Attempt): string => {
  if (!/token|password/.test(attempt.authReason ?? '')) return ''
  const rotation = state.world.marks.findLast(mark => mark.kind === 'rotation' && mark.at <= attempt.at)
  return rotation ? ` The gateway's token changed at ${moment(rotation.at, state.now)}.` : ''
}

const lockNote = (state: State, attempt: Attempt): string => {
  const lockout = lockoutOf(state.world.guesses, attempt, state.now)
  if (lockout?.lockedUntil) return ` Locked out until about ${clock(lockout.lockedUntil)} (an estimate).`
  if (lockout && lockout.count > 2) return ` ${lockout.count} of ${lockout.most} wrong tries in a minute, then about 5 min of lock-out (an estimate).`
  return attempt.authReason === 'token_mismatch' && isExempt(attempt) ? ' From this host it is slowed down, not locked out.' : ''
}

const address = (attempt: Attempt): string => {
  const from = addressOf(attempt) ?? 'unknown'
  return attempt.forwardedFor ? `${from}, through ${attempt.remote ?? 'a proxy'}` : from
}

const attemptFacts = (attempt: Attempt): [string, string][] =>
  (
    [
      ['conn', attempt.id],
      ['from', address(attempt)],
      ['endpoint', attempt.endpoint],
      ['origin', attempt.origin],
      ['agent', attempt.userAgent],
      ['device', attempt.deviceId],
      ['request', attempt.requestId],
      ['closed', attempt.closeCode === null ? null : `${attempt.closeCode} ${attempt.closeReason ?? ''}`.trim()],
      ['says', [attempt.cause, attempt.authReason].filter(Boolean).join(' / ') || null],
      ['layer', attempt.layer],
    ] as const
  ).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]))

const ofAttempt = (state: State, attempt: Attempt): Why => {
  if (attempt.outcome === 'connected' && attempt.reason === null) {
    return {why: `Connected since ${moment(attempt.at, state.now)}.`, todo: 'Nothing to do.', facts: attemptFacts(attempt)}
  }
  if (attempt.reason === null) return {why: 'It has opened a socket and said nothing yet.', todo: 'Nothing to do.', facts: attemptFacts(attempt)}
  const row = rowFor(attempt)
  const note = attempt.expected ? ` Expected: ${attempt.expected}.` : ''
  return {why: `${row.means}${sureness[row.sure]}${note}${rotationNote(state, attempt)}${lockNote(state, attempt)}`, todo: row.todo, facts: attemptFacts(attempt)}
}

const rhythm = (client: Client, now: number): string => {
  const storm = stormOf(client, now)
  return storm ? ` It tries again every ${length(storm.periodMs)}.` : ''
}

const otherReasons = (client: Client, but: string): string => {
  const others = Array.from(client.tallies.values()).filter(tally => (tally.detail ?? tally.reason) !== but)
  return others.map(tally => `${tally.detail ?? tally.reason} ×${tally.count + tally.hidden}`).join(', ')
}

const ofClient = (state: State, {client, tally}: Extract<Chosen, {kind: 'client'}>['entry']): Why => {
  if (tally === null) {
    const isIn = client.open.size > 0
    const row = client.lastReason === null || isIn ? null : reasonById(client.lastReason)
    return {
      why: isIn
        ? `${nameOf(client)} is in, ${plural(client.open.size, 'connection')} open since ${moment(client.admittedAt ?? 0, state.now)}.`
        : `${nameOf(client)} was in and has left ${ago(client.lastAt, state.now)}. ${row?.means ?? ''}`,
      todo: row?.todo ?? 'Nothing to do.',
      facts: attemptFacts(client.last),
    }
  }
  const told = ofAttempt(state, tally.last)
  const likes = tally.count + tally.hidden > 1 ? ` ${tally.count + tally.hidden} times, last ${ago(tally.lastAt, state.now)}` : ` Last ${ago(tally.lastAt, state.now)}`
  const hidden = tally.hidden > 0 ? `; the gateway did not log ${tally.hidden} of them one by one` : ''
  const key = tally.detail ?? tally.reason
  const others = otherReasons(client, key)
  return {
    why: `${told.why}${likes}${hidden}.${rhythm(client, state.now)}`,
    todo: told.todo,
    facts: [...(others === '' ? [] : [['also', others] as const]), ...told.facts],
  }
}

const markTodo: Partial<Record<string, string>> = {
  rotation: 'Panel 1 shows who is turned away since; those clients need the new token.',
  storm: 'Enter shows its lines; panel 1 says what helps.',
  trouble: 'Enter shows the lines around it.',
  provider: "This is the model provider's answer, not the gateway's: a new gateway token would not help.",
}

/** What to say of the chosen row. */
export const whyOf = (state: State, chosen: Chosen | null): Why => {
  switch (chosen?.kind) {
    case 'client':
      return ofClient(state, chosen.entry)
    case 'attempt':
      return ofAttempt(state, chosen.attempt)
    case 'line':
      return {
        why: chosen.line.text,
        todo: '',
        facts: [
          ['file', `${chosen.line.from.file}:${chosen.line.from.line}`],
          ['from', chosen.line.subsystem || 'a command'],
        ],
      }
    case 'mark':
      return {why: chosen.mark.text, todo: markTodo[chosen.mark.kind] ?? '', facts: [['file', `${chosen.mark.from.file}:${chosen.mark.from.line}`]]}
    default:
      return {why: '', todo: '', facts: []}
  }
}
