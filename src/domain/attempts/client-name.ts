import {addressOf} from './attempt.ts'
import type {Client} from './client.ts'
import type {Identity} from './event.ts'

/** What nearly all are called tells none of them apart. */
export const shortened = (id: string): string => id.replace(/^openclaw-/, '')

/** Of one that says no name: its device, if it has one. */
export const nameless = (deviceId: string | null, unnamed = 'unnamed'): string =>
  deviceId === null ? unnamed : `device ${deviceId.slice(0, 8)}`

const kindOf = ({id, mode}: Identity): string | null => {
  if (id === null) return mode
  const name = shortened(id)
  return mode === null || name.includes(mode) || mode === 'webchat' ? name : `${name} ${mode}`
}

/** The name that its owner gave it, where it says more than what it is. */
export const ownName = ({displayName, id}: Identity): string | null =>
  displayName === null || displayName === id || displayName === shortened(id ?? '') ? null : displayName

/** What a client calls itself, shortened to what tells it apart: `studio-mini (node-host)`, `cli probe`. */
export const nameOf = ({identity, deviceId}: Pick<Client, 'identity' | 'deviceId'>, unnamed?: string): string => {
  const name = ownName(identity)
  const kind = kindOf(identity)
  if (name !== null) return kind === null ? name : `${name} (${kind})`
  return identity.id === null || kind === null ? nameless(deviceId, unnamed) : kind
}

/** The same for a sentence, with where it comes from. */
export const namedFrom = (client: Client): string =>
  `${nameOf(client, 'an unnamed client')} from ${addressOf(client) ?? 'unknown'}`
