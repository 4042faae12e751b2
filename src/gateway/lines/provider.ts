import type {ProviderEvent} from '../../domain/attempts/event.ts'
import {clean, present} from '../../domain/clean.ts'
import type {Meta} from './record.ts'
import {isMoment} from './timestamp.ts'

const createProviderEvent = (found: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'provider-trouble',
  provider: null,
  model: null,
  profile: null,
  status: null,
  why: null,
  until: null,
  ...found,
})

const text = (meta: Meta, key: string): string | null => {
  const value = meta[key]
  return typeof value === 'string' ? (present(value) ?? null) : null
}

const moment = (meta: Meta, key: string): number | null => {
  const value = Number(meta[key])
  return value > 0 && isMoment(value) ? value : null
}

const modelFetch = (message: string): ProviderEvent | null => {
  const [, provider, model, status] =
    /^\[model-fetch\] response provider=(\S+) .*?model=(\S+) status=([45]\d\d)/.exec(message) ?? []
  if (status === undefined) return null
  return createProviderEvent({provider: present(provider) ?? null, model: present(model) ?? null, status: Number(status)})
}

/** Texts of the agent's own errors; each names a missing or a lost login. */
const loginTexts = /No API key found for provider|OAuth token refresh failed|No credentials found for profile/i

/** The code by which a provider says why stands at the end of what it sent. */
const maxWhy = 600

const agentError = (message: string): ProviderEvent | null => {
  if (!loginTexts.test(message)) return null
  const [, profile] = /(?:OAuth|for) profile ["']([^"']{1,200})["']/.exec(message) ?? []
  const [, provider] = /(?:for provider|refresh failed for) ["']?([\w.-]+)/i.exec(message) ?? []
  return createProviderEvent({
    provider: present(provider) ?? null,
    profile: present(profile) ?? null,
    why: clean(message, maxWhy),
  })
}

/** Several lines report each failure; only those are read that report it once. */
export const providerLine = (subsystem: string, message: string, meta: Meta | null): ProviderEvent | null => {
  if (subsystem === 'provider-transport-fetch') return modelFetch(message)
  if (meta?.['event'] === 'auth_profile_failure_state_updated') {
    return createProviderEvent({
      provider: text(meta, 'provider'),
      profile: text(meta, 'profileId'),
      why: text(meta, 'reason'),
      until: moment(meta, 'cooldownUntil') ?? moment(meta, 'disabledUntil') ?? moment(meta, 'blockedUntil'),
    })
  }
  return subsystem === 'diagnostic' || subsystem.startsWith('agent') ? agentError(message) : null
}
