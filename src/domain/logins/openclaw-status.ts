import {type Credential, type OpenclawStatus, warnAfterMs} from './credential.ts'
import type {LoginRules} from './release-rules.ts'

const byEnd = (at: number, now: number): OpenclawStatus => (at <= now ? 'expired' : at - now <= warnAfterMs ? 'expiring' : 'ok')

const hasSecret = ({secret, reference}: Credential): boolean => secret === 'set' || reference !== null

const tokenStatusOf = (credential: Credential, rules: LoginRules, now: number): OpenclawStatus => {
  const {expires} = credential
  if (rules.checksTokens && !hasSecret(credential)) return 'missing'
  if (expires.kind === 'at') return byEnd(expires.at, now)
  if (expires.kind === 'none') return 'static'
  if (expires.as === 'too-far' && !rules.boundsDates) return 'ok'
  return rules.checksTokens ? 'missing' : 'static'
}

const oauthStatusOf = (credential: Credential, rules: LoginRules, now: number): OpenclawStatus => {
  const {expires, secret, hasRefresh, fence} = credential
  if (rules.fences && fence !== null) return 'expired'
  if (rules.checksOauth && secret !== 'set' && !hasRefresh) return 'missing'
  if (expires.kind === 'invalid' && expires.as === 'too-far' && !rules.boundsDates) return 'ok'
  if (expires.kind !== 'at') return 'missing'
  return rules.hidesRenewal && hasRefresh ? 'ok' : byEnd(expires.at, now)
}

/** Whether this release takes the row for a profile at all. */
export const isRecognized = ({ignored, spelling}: Credential, rules: LoginRules): boolean => {
  if (ignored !== null) return false
  return spelling === 'plain' || (spelling === 'mode' ? rules.readsModeSpelling : rules.readsApiKeySpelling)
}

/** What `openclaw models status` of that release calls it; null where it does not list it. */
export const openclawStatusOf = (credential: Credential, rules: LoginRules, now: number): OpenclawStatus | null => {
  if (!isRecognized(credential, rules) || credential.type === null) return null
  if (rules.knowsInactive && credential.isInactive) return 'missing'
  if (credential.type === 'token') return tokenStatusOf(credential, rules, now)
  if (credential.type === 'oauth') return oauthStatusOf(credential, rules, now)
  return rules.checksKeys && !hasSecret(credential) ? 'missing' : 'static'
}
