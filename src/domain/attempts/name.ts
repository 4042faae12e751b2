import type {Client} from './client.ts'

/** What nearly all are called tells none of them apart. */
export const shortened = (id: string): string => id.replace(/^openclaw-/, '')

/** What a client calls itself, shortened to what tells it apart. */
export const nameOf = ({identity: {id, mode}, deviceId}: Client, unnamed = 'unnamed'): string => {
  if (id === null) return deviceId === null ? unnamed : `device ${deviceId.slice(0, 8)}`
  const name = shortened(id)
  return mode === null || name.includes(mode) || mode === 'webchat' ? name : `${name} ${mode}`
}
