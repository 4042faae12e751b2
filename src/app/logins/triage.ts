import type {GatewayEvent} from '../../domain/attempts/event.ts'
import {loginsOf} from '../../domain/logins/profile.ts'
import type {ProfilesRead} from './profiles-read.ts'

/** Which login a provider's failure is about. A failure at the gateway is about none, however alike the words are. */
export const triage = ({profiles}: {profiles: ProfilesRead | null}, event: GatewayEvent | null): string | null => {
  if (event?.kind !== 'provider-trouble' || profiles === null) return null
  const {logins, isNamed} = loginsOf(event, profiles.profiles, profiles.logNames)
  if (logins.length === 0)
    return isNamed
      ? 'It is about a login that is in no store that was read.'
      : `No login for ${event.provider ?? 'it'} is in a store that was read.`
  const each = logins.map(({profileId, agent, state}) => `${profileId} (agent ${agent}, ${state})`).join(', ')
  if (isNamed) return `It is about the login ${each}: panel 4 shows it, and w there renews it.`
  return `The line names no login; ${event.provider} has ${each}: see panel 4.`
}
