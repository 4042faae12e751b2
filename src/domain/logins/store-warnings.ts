import type {Failure} from '../failure.ts'
import type {Credential, Expiry, StoreRows} from './credential.ts'
import {expiryWords, looksLikeSeconds} from './login-state.ts'

const dateOf = (at: number): string => new Date(at).toISOString()

const meaning = (expires: Expiry): string => {
  if (expires.kind === 'at') return `; as seconds it would be ${dateOf(expires.at * 1000)}`
  return expires.kind === 'invalid' && expires.meant !== null ? `; it seems to mean ${dateOf(expires.meant)}` : ''
}

const saveAgain = (type: Credential['type']): string =>
  type === 'oauth' ? 'sign in again, which stores it again' : 'save it again with --expires-in'

const expiryWarning = ({profileId, type, expires, fence, hasStrayExpiry}: Credential): Failure | null => {
  if (type !== 'token' && type !== 'oauth') return null
  if (fence !== null) return null
  if (looksLikeSeconds(expires))
    return {
      title: `The expiry of ${profileId} seems to be stored in seconds`,
      because: `OpenClaw reads milliseconds, so it lies in 1970${meaning(expires)}`,
      tryThis: saveAgain(type),
      from: 'gateway',
    }
  if (expires.kind === 'invalid')
    return {
      title: `The expiry of ${profileId} is ${expiryWords(expires)}`,
      because: `OpenClaw reads only milliseconds since 1970${meaning(expires)}`,
      tryThis: saveAgain(type),
      from: 'gateway',
    }
  if (!hasStrayExpiry || expires.kind !== 'none') return null
  return {
    title: `The expiry of ${profileId} is not read`,
    because: 'it stands under expiresAt, and OpenClaw reads expires',
    tryThis: saveAgain(type),
    from: 'gateway',
  }
}

const ignoredRowsWarning = (rows: StoreRows): Failure[] => {
  const ignored = rows.credentials.filter(credential => credential.ignored !== null)
  if (ignored.length === 0) return []
  const each = ignored.map(({profileId, ignored}) => `${profileId} (${ignored})`).join(', ')
  return [
    {title: `OpenClaw drops ${ignored.length} of the rows in ${rows.place.path ?? 'the store'}`, because: each, from: 'gateway'},
  ]
}

/** What is wrong in a store whatever the time is. */
export const storeWarnings = (stores: readonly StoreRows[]): Failure[] =>
  stores.flatMap(rows => [
    ...ignoredRowsWarning(rows),
    ...rows.credentials.filter(({ignored}) => ignored === null).flatMap(credential => expiryWarning(credential) ?? []),
  ])
