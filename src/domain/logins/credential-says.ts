import {type Credential, type Said, warnAfterMs} from './credential.ts'
import type {Rules} from './credential-rules.ts'

const byEnd = (at: number, now: number): Said => (at <= now ? 'expired' : at - now <= warnAfterMs ? 'expiring' : 'ok')

const hasSecret = ({secret, reference}: Credential): boolean => secret === 'set' || reference !== null

const saysOfToken = (credential: Credential, rules: Rules, now: number): Said => {
  const {expires} = credential
  if (rules.checksTokens && !hasSecret(credential)) return 'missing'
  if (expires.kind === 'at') return byEnd(expires.at, now)
  if (expires.kind === 'none') return 'static'
  if (expires.as === 'too-far' && !rules.boundsDates) return 'ok'
  return rules.checksTokens ? 'missing' : 'static'
}

const saysOfOauth = (credential: Credential, rules: Rules, now: number): Said => {
  const {expires, secret, hasRefresh, fence} = credential
  if (rules.fences && fence !== null) return 'expired'
  if (rules.checksOauth && secret !== 'set' && !hasRefresh) return 'missing'
  if (expires.kind === 'invalid' && expires.as === 'too-far' && !rules.boundsDates) return 'ok'
  if (expires.kind !== 'at') return 'missing'
  return rules.hidesRenewal && hasRefresh ? 'ok' : byEnd(expires.at, now)
}

/** Whether this release takes the row for a profile at all. */
export const isRead = ({ignored, spelling}: Credential, rules: Rules): boolean => {
  if (ignored !== null) return false
  return spelling === 'plain' || (spelling === 'mode' ? rules.readsModeSpelling : rules.readsApiKeySpelling)
}

/** What `openclaw models status` of that release calls it; null where it does not list it. */
export const saysOf = (credential: Credential, rules: Rules, now: number): Said | null => {
  if (!isRead(credential, rules) || credential.type === null) return null
  if (rules.knowsInactive && credential.isInactive) return 'missing'
  if (credential.type === 'token') return saysOfToken(credential, rules, now)
  if (credential.type === 'oauth') return saysOfOauth(credential, rules, now)
  return rules.checksKeys && !hasSecret(credential) ? 'missing' : 'static'
}
