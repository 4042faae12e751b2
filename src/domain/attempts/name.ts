import {addressOf} from './attempt.ts'
import type {Client} from './client.ts'

/** What nearly all are called tells none of them apart. */
export const shortened = (id: string): string => id.replace(/^openclaw-/, '')

/** Of one that says no name: its device, if it has one. */
export const nameless = (deviceId: string | null, unnamed = 'unnamed'): string =>
  deviceId === null ? unnamed : `device ${deviceId.slice(0, 8)}`

/** What a client calls itself, shortened to what tells it apart. */
export const nameOf = ({identity: {id, mode}, deviceId}: Client, unnamed?: string): string => {
  if (id === null) return nameless(deviceId, unnamed)
  const name = shortened(id)
  return mode === null || name.includes(mode) || mode === 'webchat' ? name : `${name} ${mode}`
}

/** The same for a sentence, with where it comes from. */
export const namedFrom = (client: Client): string =>
  `${nameOf(client, 'an unnamed client')} from ${addressOf(client) ?? 'unknown'}`
