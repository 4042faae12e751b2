import {type Attempt, addressOf} from '../../domain/attempts/attempt.ts'
import {nameless, ownName, shortened} from '../../domain/attempts/client-name.ts'
import {isExempt, lockoutOf} from '../../domain/attempts/lockout.ts'
import {adviceOf, isAboutCredential, reasonById} from '../../domain/reasons/reason.ts'
import {type Filter, type Named, passes, type Searchable} from '../rows/filter.ts'
import {type Column, type Found, type Role, type Row, rowsOf} from '../rows/rows.ts'
import {ago, clock, clockMs, length, moment} from '../words.ts'
import {type Explanation, iso, joined, type Panel, type PanelInput, panelOf, unlessNoLog} from './panel.ts'

const columns: readonly Column[] = [
  {title: 'TIME', width: 8, wide: 12},
  {title: 'CLIENT', width: 18, grow: true},
  {title: 'FROM', width: 15, wide: 24, from: 64},
  {title: 'CODE', width: 4, from: 46},
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

const fields = [
  ...(['client', 'from', 'reason', 'code', 'outcome', 'took', 'text'] as const),
  ...(['origin', 'device', 'ua', 'conn', 'layer'] as const),
] as const

const searchOf = (attempt: Attempt): Searchable => {
  const named: Named<typeof fields> = {
    client: nameOfAttempt(attempt),
    from: addressOf(attempt) ?? '',
    reason: `${attempt.reason ?? ''} ${attempt.detail ?? ''}`,
    code: String(attempt.closeCode ?? ''),
    outcome: attempt.outcome,
    took: attempt.endedAt === null ? '' : String((attempt.endedAt - attempt.at) / 1000),
    text: attempt.closeReason ?? '',
    origin: attempt.origin ?? '',
    device: attempt.deviceId ?? '',
    ua: attempt.userAgent ?? '',
    conn: attempt.id,
    layer: attempt.layer ?? '',
  }
  const {took: _, ...words} = named
  return {all: Object.values(words).join(' '), named}
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
export const attemptRows = (recent: readonly Attempt[], filter: Filter, hidesExpected: boolean, now: number): Found<Attempt> => {
  const matching =
    filter.terms.length === 0 && !hidesExpected
      ? recent
      : recent.filter(attempt => (!hidesExpected || !attempt.expected) && passes(filter, searchOf(attempt)))
  const items = matching.toReversed()
  return {
    items,
    rows: rowsOf(columns, items, {keyOf: ({id}) => id, rowOf: attempt => rowOf(attempt, now), searchOf}),
  }
}

const sureness = {certain: '', likely: ' (very likely)', guess: ' (not known for sure)'} as const

export const rowFor = (attempt: Attempt) => reasonById(attempt.detail ?? attempt.reason ?? 'unknown')

/** Since when the client has been refused says which change it missed: a later one made no difference to it. */
export const rotationSentence = (state: PanelInput, attempt: Attempt, since = attempt.at): string | null => {
  if (attempt.authReason === null || !isAboutCredential(attempt.reason ?? '')) return null
  const rotation = state.world.timeline.findLast(timelineEvent => timelineEvent.kind === 'rotation' && timelineEvent.at <= since)
  return rotation ? `the token changed at ${moment(rotation.at, state.now)}` : null
}

export const lockoutSentence = (state: PanelInput, attempt: Attempt): string | null => {
  const lockout = lockoutOf(state.world.guesses, attempt, state.now)
  if (lockout?.lockedUntil) return `locked out until about ${clock(lockout.lockedUntil)} (an estimate)`
  if (lockout?.higher) return `more than ${lockout.max} failures a minute (default limit), not locked out so far`
  if (lockout && lockout.count > 2)
    return `${lockout.count} of ${lockout.max} failures in 60 s used, then locked out for 5 min (an estimate)`
  return attempt.authReason === 'token_mismatch' && isExempt(attempt) ? 'throttled, not locked out (a client on this host)' : null
}

const address = (attempt: Attempt): string => {
  const {behindProxy, forwardedFor, remote} = attempt
  if (behindProxy !== null) return `${behindProxy}, through ${remote ?? 'a proxy'}, which is trusted`
  return `${remote ?? 'unknown'}${forwardedFor === null ? '' : `, says it is for ${forwardedFor} (a header, not believed)`}`
}

export const attemptFacts = (attempt: Attempt): [string, string][] =>
  (
    [
      ['name', ownName(attempt.client)],
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

/** The words of the table, and the key that leads to the request where there is one. */
export const adviceFor = ({kind, devices, world}: PanelInput, attempt: Attempt): string => {
  const advice = adviceOf(rowFor(attempt), attempt.requestId, world.life.release)
  return attempt.requestId === null || kind === 'replay' || devices === null ? advice : `a shows its request. ${advice}`
}

export const whyAttempt = (state: PanelInput, attempt: Attempt): Explanation => {
  const facts = attemptFacts(attempt)
  if (attempt.reason === null) {
    const why =
      attempt.outcome === 'connected'
        ? `It has been in since ${moment(attempt.at, state.now)}.`
        : 'It has opened a socket and said nothing yet.'
    return {why, seen: '', tryThis: 'Nothing to do.', facts}
  }
  const row = rowFor(attempt)
  const seen = joined([
    ago(attempt.endedAt ?? attempt.at, state.now),
    attempt.expected && `expected: ${attempt.expected}`,
    attempt.alsoHidden > 0 ? `${attempt.alsoHidden} more like it were not logged` : null,
    rotationSentence(state, attempt),
    lockoutSentence(state, attempt),
  ])
  return {why: `${row.means}${sureness[row.sure]}`, seen, tryThis: adviceFor(state, attempt), facts}
}

export const attempts: Panel<Attempt> = panelOf<Attempt>({
  title: 'Attempts',
  about: 'each connection attempt',
  fields,
  newestFirst: true,
  rows: ({world, filter, hidesExpected, now}) => attemptRows(world.recent, filter, hidesExpected, now),
  empty: unlessNoLog('No connection attempts in the logs read so far.'),
  why: whyAttempt,
  evidence: ({id, evidence}) => ({is: 'lines', title: `attempt ${id.slice(0, 8)}`, lines: evidence}),
  latestLines: ({evidence}) => evidence,
  at: ({at}) => at,
  times: ({at}) => iso(at),
  requestId: ({requestId}) => requestId,
})
