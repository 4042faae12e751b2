import type {Attempt} from '../../domain/attempts/attempt.ts'
import {ownName} from '../../domain/attempts/client-name.ts'
import {isExempt, lockoutOf} from '../../domain/attempts/lockout.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import type {State} from '../state.ts'
import {ago, clock, moment} from '../words.ts'
import {type Explanation, joined} from './words.ts'

const sureness = {certain: '', likely: ' (very likely)', guess: ' (not known for sure)'} as const

export const rowFor = (attempt: Attempt) => reasonById(attempt.detail ?? attempt.reason ?? 'unknown')

export const rotationSentence = (state: State, attempt: Attempt): string | null => {
  if (!/token|password/.test(attempt.authReason ?? '')) return null
  const rotation = state.world.timeline.findLast(
    timelineEvent => timelineEvent.kind === 'rotation' && timelineEvent.at <= attempt.at,
  )
  return rotation ? `the token changed at ${moment(rotation.at, state.now)}` : null
}

export const lockoutSentence = (state: State, attempt: Attempt): string | null => {
  const lockout = lockoutOf(state.world.guesses, attempt, state.now)
  if (lockout?.lockedUntil) return `locked out until about ${clock(lockout.lockedUntil)} (an estimate)`
  if (lockout?.higher) return `over the default limit of ${lockout.max} wrong tries a minute, yet not locked out`
  if (lockout && lockout.count > 2)
    return `${lockout.count} of ${lockout.max} wrong tries in 60 s, then 5 min of lock-out (an estimate)`
  return attempt.authReason === 'token_mismatch' && isExempt(attempt)
    ? 'slowed down, not locked out, as it is on this host'
    : null
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

export const whyAttempt = (state: State, attempt: Attempt): Explanation => {
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
  return {why: `${row.means}${sureness[row.sure]}`, seen, tryThis: row.tryThis, facts}
}
