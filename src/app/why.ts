import {type Attempt, addressOf} from '../domain/attempts/attempt.ts'
import type {Client} from '../domain/attempts/client.ts'
import type {GatewayEvent} from '../domain/attempts/event.ts'
import {isExempt, lockoutOf} from '../domain/attempts/lockout.ts'
import {nameOf} from '../domain/attempts/name.ts'
import {stormOf} from '../domain/attempts/storm.ts'
import type {Profile} from '../domain/logins/credential-profile.ts'
import {failureAt} from '../domain/logins/provider-login.ts'
import type {Mark} from '../domain/mark.ts'
import {reasonById} from '../domain/reasons/reason.ts'
import type {BoardRow} from '../domain/token/board.ts'
import type {TokenCopy} from '../domain/token/token-copy.ts'
import {cardOf, outOfReach, placeRow} from '../domain/token/token-copy-places.ts'
import {renewalFault} from './logins/login-faults.ts'
import {triage} from './logins/login-triage.ts'
import type {Chosen} from './look.ts'
import type {ClientEntry} from './rows/client-entries.ts'
import type {ShownLine} from './rows/log-lines.ts'
import type {State} from './state.ts'
import {howKnown, processNote, visitorFacts} from './visitor-words.ts'
import {ago, clock, moment, period, plural} from './words.ts'

/** What happened, why, and what to do, for the row that is chosen. */
export type Why = {why: string; seen: string; todo: string; facts: readonly (readonly [string, string])[]}

const sureness = {certain: '', likely: ' (very likely)', guess: ' (not known for sure)'} as const

const rowFor = (attempt: Attempt) => reasonById(attempt.detail ?? attempt.reason ?? 'unknown')

const rotationNote = (state: State, attempt: Attempt): string | null => {
  if (!/token|password/.test(attempt.authReason ?? '')) return null
  const rotation = state.world.marks.findLast(mark => mark.kind === 'rotation' && mark.at <= attempt.at)
  return rotation ? `the token changed at ${moment(rotation.at, state.now)}` : null
}

const lockNote = (state: State, attempt: Attempt): string | null => {
  const lockout = lockoutOf(state.world.guesses, attempt, state.now)
  if (lockout?.lockedUntil) return `locked out until about ${clock(lockout.lockedUntil)} (an estimate)`
  if (lockout?.higher) return `over the default limit of ${lockout.most} wrong tries a minute, yet not locked out`
  if (lockout && lockout.count > 2)
    return `${lockout.count} of ${lockout.most} wrong tries in 60 s, then 5 min of lock-out (an estimate)`
  return attempt.authReason === 'token_mismatch' && isExempt(attempt)
    ? 'slowed down, not locked out, as it is on this host'
    : null
}

const joined = (parts: readonly (string | null)[]): string => parts.filter(part => part !== null && part !== '').join('; ')

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
  const facts = attemptFacts(attempt)
  if (attempt.reason === null) {
    const why =
      attempt.outcome === 'connected'
        ? `It has been in since ${moment(attempt.at, state.now)}.`
        : 'It has opened a socket and said nothing yet.'
    return {why, seen: '', todo: 'Nothing to do.', facts}
  }
  const row = rowFor(attempt)
  const seen = joined([
    ago(attempt.endedAt ?? attempt.at, state.now),
    attempt.expected && `expected: ${attempt.expected}`,
    attempt.alsoHidden > 0 ? `${attempt.alsoHidden} more like it were not logged` : null,
    rotationNote(state, attempt),
    lockNote(state, attempt),
  ])
  return {why: `${row.means}${sureness[row.sure]}`, seen, todo: row.todo, facts}
}

/** The rhythm is that of all its knocks, so it is told of the row that makes it alone. */
const rhythm = ({client, state}: ClientEntry, now: number): string | null => {
  const storm = state === 'storm' ? stormOf(client, now) : null
  return storm ? `again every ${period(storm.periodMs)}` : null
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

const ofClient = (state: State, entry: ClientEntry): Why => {
  const {client, tally} = entry
  if (tally === null) return ofVisitor(state, entry)
  const told = ofAttempt(state, tally.last)
  const count = tally.count + tally.hidden
  const others = otherReasons(client, tally.detail ?? tally.reason)
  const seen = joined([
    `${count === 1 ? 'once' : `${count} times`}, last ${ago(tally.lastAt, state.now)}`,
    rhythm(entry, state.now),
    processNote(state, client),
    tally.hidden > 0 ? `${tally.hidden} of them not logged one by one` : null,
    tally.last.expected && `expected: ${tally.last.expected}`,
    rotationNote(state, tally.last),
    lockNote(state, tally.last),
  ])
  return {...told, seen, facts: [...(others === '' ? [] : [['also', others] as const]), ...told.facts]}
}

const attemptOf = ({world}: State, {event}: ShownLine): Attempt | undefined => {
  const conn = event !== null && 'facts' in event ? event.conn : null
  return conn === null ? undefined : world.recent.findLast(attempt => attempt.id === conn)
}

/** The whole line, and what it means where it tells of a connection. */
const ofLine = (state: State, line: ShownLine): Why => {
  const attempt = attemptOf(state, line)
  const facts: Why['facts'] = [
    ['file', `${line.from.file}:${line.from.line}`],
    ['from', line.subsystem || 'a command'],
    ...(attempt ? attemptFacts(attempt) : []),
  ]
  if (!attempt?.reason) return {why: line.text, seen: '', todo: triage(state, line.event) ?? '', facts}
  return {why: rowFor(attempt).means, seen: line.text, todo: rowFor(attempt).todo, facts}
}

const boardWhy = {
  back: 'It is in again since the token was changed.',
  stayed:
    'It has stayed in. Whether it holds the new token shows when it connects anew, unless it is paired and has one of its own.',
  waiting:
    'It was seen in the day before the token was changed and has not come back yet. In the first moments a refusal is expected.',
} as const

const ofBoard = (state: State, {client, state: fate, reason, card, count, stayed}: BoardRow): Why => ({
  why:
    fate === 'stuck'
      ? reason === null
        ? 'It has not come back.'
        : reasonById(reason).means
      : boardWhy[stayed ? 'stayed' : fate],
  seen: joined([`last ${ago(client.lastAt, state.now)}`, count > 0 ? `${count} refused since` : null]),
  todo: card ?? (fate === 'waiting' ? 'Wait a moment; then this says what helps.' : 'Nothing to do.'),
  facts: attemptFacts(client.last),
})

/** Its key where that can act, and what to type by hand. */
const loginTodo = (profile: Profile, {now, kind}: State): string => {
  if (profile.todo === null) return 'Nothing to do.'
  return kind === 'replay' || renewalFault(profile, null, now) !== null ? profile.todo : `w renews it. By hand: ${profile.todo}`
}

const ofProfile = (state: State, profile: Profile): Why => ({
  why: profile.why,
  seen: joined([
    state.profiles ? `read ${ago(state.profiles.at, state.now)}` : null,
    profile.openclawSays && `OpenClaw's own status says ${profile.openclawSays}`,
    profile.blocked && profile.blocked.until > state.now
      ? `${profile.blocked.kind} until ${moment(profile.blocked.until, state.now)}: ${profile.blocked.reason ?? 'no reason given'}`
      : null,
  ]),
  todo: loginTodo(profile, state),
  facts: [
    ['provider', profile.provider],
    ['used by', profile.usedBy.join(', ')],
    ['from', profile.from],
    ['ends', profile.expiresAt === null ? 'not known' : new Date(profile.expiresAt).toISOString()],
    ['renews', profile.renewsItself ? 'by itself' : 'only by a person'],
  ],
})

/** Where a person has to paste it, the token can be had on the clipboard. */
const isPasted = ({place}: TokenCopy): boolean => ['browser', 'mac-app', 'node-host', 'http-caller'].includes(place)

const copyTodo = (copy: TokenCopy): string => {
  if (copy.verdict !== 'differs' && !outOfReach.includes(copy.place)) return 'Nothing to do.'
  return isPasted(copy) ? `${cardOf(copy)} Y puts the token on your clipboard, after a warning.` : cardOf(copy)
}

const ofCopy = (state: State, copy: TokenCopy): Why => {
  const row = placeRow(copy.place)
  const read = state.copies ? `read ${ago(state.copies.at, state.now)}` : ''
  const [worst] = copy.problems ?? []
  return {
    why: copy.problem ?? (copy.verdict === 'differs' ? `It is not the token in force. ${row.stale}` : row.wins),
    seen: joined([copy.wins ? 'the gateway takes this one' : null, read]),
    todo: worst?.cure ?? copyTodo(copy),
    facts: [
      ['where', copy.path],
      ['key', copy.key],
      ['token', copy.fingerprint ?? copy.kind],
      ['mode', copy.mode ?? 'unknown'],
      ['read by', row.read],
    ],
  }
}

const markTodo: Partial<Record<string, string>> = {
  rotation: 'Panel 1 shows who is turned away since; those clients need the new token.',
  storm: 'Enter shows its lines; panel 1 says what helps.',
  trouble: 'Enter shows the lines around it.',
  sleep: 'While it slept nobody could reach the gateway; clients that were cut off come back by themselves.',
  clock: 'A client whose clock differs is refused for a stale signature: see that both keep the time.',
  disk: 'The gateway drops log lines, and may fail to save: make room.',
  provider: "This is the model provider's answer, not the gateway's: a new gateway token would not help.",
}

const eventAt = ({world}: State, {from}: Mark): GatewayEvent | null => failureAt(world, from)?.event ?? null

/** What to say of the chosen row. */
export const whyOf = (state: State, chosen: Chosen | null): Why => {
  switch (chosen?.kind) {
    case 'client':
      return ofClient(state, chosen.entry)
    case 'board':
      return ofBoard(state, chosen.row)
    case 'attempt':
      return ofAttempt(state, chosen.attempt)
    case 'line':
      return ofLine(state, chosen.line)
    case 'profile':
      return ofProfile(state, chosen.profile)
    case 'copy':
      return ofCopy(state, chosen.copy)
    case 'mark':
      return {
        why: chosen.mark.text,
        seen: ago(chosen.mark.at, state.now),
        todo: [triage(state, eventAt(state, chosen.mark)), markTodo[chosen.mark.kind]].filter(Boolean).join(' '),
        facts: chosen.mark.from.file === '' ? [] : [['file', `${chosen.mark.from.file}:${chosen.mark.from.line}`]],
      }
    default:
      return {why: '', seen: '', todo: '', facts: []}
  }
}
