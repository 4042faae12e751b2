import {dayMs, hourMs, minuteMs} from '../durations.ts'
import type {Credential, Expiry, SecretReference, Usage} from './credential.ts'
import {isRecognized} from './openclaw-status.ts'
import type {LoginRules} from './release-rules.ts'

const where = ({source, provider, name}: SecretReference): string => {
  if (source === 'env') return `the variable ${name}`
  if (source === 'file') return `${name} of the secret file ${provider}`
  return source === 'store' ? `OpenClaw's secret store, as ${name}` : `what the program ${provider} prints`
}

const notFound = (reference: SecretReference): string => {
  if (reference.source === 'env') return 'is set neither in .env nor in the config nor here'
  return reference.place === null ? 'could not be found' : `is not in ${reference.place}`
}

/** Where its secret is kept and whether it is there, to follow the word "it". */
const referenceWhy = (reference: SecretReference): string => {
  if (reference.found === 'yes') return `its secret is ${where(reference)}, set in ${reference.place ?? 'its place'}`
  if (reference.found === 'unasked') return `keeps its secret in ${where(reference)}, which gatecrab does not ask`
  return `keeps its secret in ${where(reference)}, which ${notFound(reference)}`
}

const whole = (ms: number): string => {
  if (ms < minuteMs) return 'less than a minute'
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`
  return `${Math.floor(ms / dayMs)} d`
}

/** How far off a moment is: `in 11 h`, `2 d ago`. */
export const fromNow = (at: number, now: number): string => (at > now ? `in ${whole(at - now)}` : `${whole(now - at)} ago`)

export const howLong = (at: number, now: number): string => whole(Math.abs(at - now))

export type LoginState =
  | 'ok'
  | 'static'
  | 'renews'
  | 'expiring'
  | 'expired'
  | 'login-lost'
  | 'missing'
  | 'unverified'
  | 'external'
  | 'unknown'

export type LoginStatus = {state: LoginState; why: string; renewsItself: boolean}

type StateContext = {now: number; rules: LoginRules; writtenAt: number | null; usage: Usage | undefined}

/** OpenClaw waits two minutes for a renewal; a longer one is never completed. */
const renewalTakesAtMostMs = 180_000

const firstMilliseconds = 100_000_000_000

/** Ten digits are seconds; as milliseconds they lie in 1970. */
export const looksLikeSeconds = (expires: Expiry): boolean =>
  expires.kind === 'at' && expires.at < firstMilliseconds && expires.at > 1

const invalid: Record<Extract<Expiry, {kind: 'invalid'}>['as'], string> = {
  text: 'stored as text',
  zero: 'stored as 0',
  negative: 'stored as a negative number',
  null: 'stored as null',
  'no-number': 'no number at all',
  'too-far': 'beyond the calendar',
}

export const expiryWords = (expires: Expiry): string => (expires.kind === 'invalid' ? invalid[expires.as] : 'not stored')

const loginStatus = (state: LoginState, why: string, renewsItself = false): LoginStatus => ({state, why, renewsItself})

const holdsNothing = ({secret, reference}: Credential): boolean => secret === 'none' && reference === null

const ofKey = (credential: Credential): LoginStatus => {
  if (credential.secret === 'a-command') return loginStatus('missing', 'It holds a command line where the key belongs.')
  if (holdsNothing(credential)) return loginStatus('missing', 'It holds no key.')
  return loginStatus('static', 'An API key has no expiry.')
}

const endless = ({hasStrayExpiry}: Credential): LoginStatus =>
  loginStatus(
    'static',
    hasStrayExpiry ? 'It has no expiry that OpenClaw reads: expiresAt is not its field.' : 'A token stored without an expiry.',
  )

const ofBadTokenExpiry = (expires: Extract<Expiry, {kind: 'invalid'}>, rules: LoginRules): LoginStatus => {
  if (expires.as === 'too-far' && !rules.boundsDates) return loginStatus('ok', 'It ends beyond the calendar.')
  if (!rules.checksTokens)
    return loginStatus('static', `Its expiry is ${invalid[expires.as]}, which this release takes for no end at all.`)
  return loginStatus('missing', `Its expiry is ${invalid[expires.as]}, so OpenClaw does not use it.`)
}

const ofToken = (credential: Credential, {now, rules}: StateContext): LoginStatus => {
  const {expires} = credential
  if (holdsNothing(credential)) return loginStatus('missing', 'It holds no token.')
  if (expires.kind === 'none') return endless(credential)
  if (expires.kind === 'invalid') return ofBadTokenExpiry(expires, rules)
  if (looksLikeSeconds(expires))
    return loginStatus('expired', 'Its expiry reads as 1970, so OpenClaw does not use it: it seems to be stored in seconds.')
  if (expires.at <= now) return loginStatus('expired', `It ended ${fromNow(expires.at, now)}, and a token does not renew itself.`)
  if (expires.at - now <= rules.warnAfterMs)
    return loginStatus('expiring', `It ends ${fromNow(expires.at, now)}, and a token does not renew itself.`)
  return loginStatus('ok', `It ends ${fromNow(expires.at, now)}.`)
}

const ofFence = (fence: 'pending' | 'failed', {now, rules, writtenAt}: StateContext): LoginStatus => {
  if (fence === 'failed')
    return loginStatus('login-lost', 'A renewal failed and took the refresh token with it: somebody must sign in again.')
  if (!rules.fences)
    return loginStatus('login-lost', 'A later release took its tokens away to renew them, and this one cannot put them back.')
  if (writtenAt === null || now - writtenAt <= renewalTakesAtMostMs)
    return loginStatus('renews', 'OpenClaw is renewing it just now.', true)
  return loginStatus(
    'login-lost',
    `A renewal began more than ${howLong(writtenAt, now)} ago and never ended: somebody must sign in again.`,
  )
}

const ofBadOauthExpiry = ({expires, hasRefresh}: Credential): LoginStatus => {
  const hope = hasRefresh ? '; its refresh token may still mend that on the next use' : ''
  return loginStatus('missing', `Its expiry is ${expiryWords(expires)}, so OpenClaw counts it as missing${hope}.`, hasRefresh)
}

/** Refused for good after its end, when only a renewal can have been tried. */
const isRefused = (at: number, {now, usage}: StateContext): boolean =>
  at <= now && usage?.refusedAt != null && usage.refusedAt >= at && usage.refusedAt <= now

const ofRenewable = (credential: Credential, at: number, context: StateContext): LoginStatus => {
  const {now, rules} = context
  if (isRefused(at, context))
    return loginStatus('login-lost', 'The provider turned its renewal away for good: somebody must sign in again.')
  if (looksLikeSeconds(credential.expires))
    return loginStatus(
      'renews',
      'Its expiry reads as 1970, stored in seconds by the look of it; OpenClaw renews it on the next use.',
      true,
    )
  if (at <= now) return loginStatus('renews', `It ended ${fromNow(at, now)}; OpenClaw renews it on the next use.`, true)
  if (credential.secret === 'none' && !credential.hasSidecar)
    return loginStatus('renews', 'It holds no access token; OpenClaw fetches one on the next use.', true)
  if (at - now <= rules.warnAfterMs)
    return loginStatus('renews', `It ends ${fromNow(at, now)}; OpenClaw renews it by itself.`, true)
  return loginStatus('ok', `It ends ${fromNow(at, now)}, and OpenClaw renews it by itself.`, true)
}

const ofEnding = (at: number, {now, rules}: StateContext): LoginStatus => {
  if (at <= now)
    return loginStatus('expired', `It ended ${fromNow(at, now)} and has no refresh token: somebody must sign in again.`)
  if (at - now <= rules.warnAfterMs) return loginStatus('expiring', `It ends ${fromNow(at, now)} and has no refresh token.`)
  return loginStatus('ok', `It ends ${fromNow(at, now)}; it has no refresh token.`)
}

const ofOauth = (credential: Credential, context: StateContext): LoginStatus => {
  const {expires, fence, reference, secret, hasRefresh} = credential
  const hasSidecar = credential.hasSidecar && !context.rules.checksOauth
  if (fence !== null) return ofFence(fence, context)
  if (reference !== null)
    return loginStatus(
      'unverified',
      'It refers to a secret kept elsewhere, which OpenClaw does not follow in an OAuth login.',
      hasRefresh,
    )
  if (secret === 'none' && !hasRefresh && !hasSidecar)
    return loginStatus('missing', 'It holds neither an access nor a refresh token.')
  if (expires.kind === 'invalid' && expires.as === 'too-far' && !context.rules.boundsDates)
    return loginStatus('ok', 'It ends beyond the calendar.', hasRefresh)
  if (expires.kind !== 'at') return ofBadOauthExpiry(credential)
  return hasRefresh || hasSidecar ? ofRenewable(credential, expires.at, context) : ofEnding(expires.at, context)
}

const byType = (credential: Credential, context: StateContext): LoginStatus => {
  if (credential.type === 'token') return ofToken(credential, context)
  return credential.type === 'oauth' ? ofOauth(credential, context) : ofKey(credential)
}

/** A secret kept elsewhere is only as good as what is there. */
const withReference = (credential: Credential, found: LoginStatus): LoginStatus => {
  const {reference} = credential
  if (reference === null || credential.type === 'oauth' || (found.state !== 'ok' && found.state !== 'static')) return found
  const why = referenceWhy(reference)
  return reference.found === 'yes'
    ? {...found, why: `${found.why.replace(/\.$/, '')}; ${why}.`}
    : loginStatus('unverified', `It ${why}.`)
}

/** How a login stands, honestly: what renews itself is no alarm, what a person must mend is. */
export const loginStateOf = (credential: Credential, context: StateContext): LoginStatus => {
  if (credential.ignored !== null) return loginStatus('unknown', `OpenClaw drops this row: ${credential.ignored}.`)
  if (!isRecognized(credential, context.rules))
    return loginStatus('unknown', 'This release does not know how its type is spelled, and drops the row.')
  if (credential.isExternal)
    return loginStatus('external', 'Another program owns this login and renews it; what stands here may be old.')
  if (credential.isInactive) return loginStatus('missing', 'It was saved and never switched on.')
  return withReference(credential, byType(credential, context))
}
