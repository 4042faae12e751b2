import {type Attempt, addressOf} from './attempt.ts'
import {type Client, newClient} from './client.ts'
import {type Dropped, emptyDropped, evict, isUnnamed} from './eviction.ts'

type Face = Pick<Attempt, 'client' | 'remote' | 'behindProxy' | 'origin' | 'deviceId'>

/** Who was known by which face: most who knock did so a moment ago, and to look again takes less than to make a key. */
type Meeting = {face: Face; key: string; client: Client}

export type Clients = {
  byKey: Map<string, Client>
  /** Those of webchat, the first seen first. */
  browsers: Client[]
  lately: Meeting[]
  dropped: Dropped
}

export const noClients = (): Clients => ({byKey: new Map(), browsers: [], lately: [], dropped: emptyDropped()})

export const everyClient = ({byKey}: Clients): Client[] => Array.from(byKey.values())

/** The connections of all who are in, as far as the log tells. */
export const everyOpen = (clients: Clients): Attempt[] => everyClient(clients).flatMap(({open}) => [...open])

/**
 * The platform is no part of who a client is: not every line tells it. Who never said a name is an address and no more: its
 * origin is a header, and anybody can send another with each socket.
 */
const keyOf = (face: Face): string => {
  const {client, origin, deviceId} = face
  const said = isUnnamed({identity: client, deviceId}) ? '' : (origin ?? '')
  return `${client.id ?? ''}\0${client.mode ?? ''}\0${addressOf(face) ?? ''}\0${said}\0${deviceId ?? ''}`
}

/** Strangers can choose their names, so there is no end to them. */
const makeRoom = (clients: Clients, most: number, now: number): void => {
  if (clients.byKey.size < most) return
  evict(clients.byKey, clients.dropped, most, now)
  clients.browsers = clients.browsers.filter(({key}) => clients.byKey.has(key))
  clients.lately = []
}

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b

/**
 * The line of a browser that gets in says neither origin nor device, those of its refusals do: where all that both say
 * agrees, it is the same browser. A page that is refused for its very origin is another.
 */
const isSameBrowser = (client: Client, attempt: Attempt): boolean =>
  client.identity.id === attempt.client.id &&
  addressOf(client) === addressOf(attempt) &&
  agree(client.origin, attempt.origin) &&
  agree(client.deviceId, attempt.deviceId) &&
  !client.tallies.has('origin-mismatch')

const isBrowser = ({client}: Attempt): boolean => client.mode === 'webchat'

const sameBrowser = ({browsers}: Clients, attempt: Attempt): Client | undefined => {
  if (!isBrowser(attempt) || attempt.reason === 'origin-mismatch') return undefined
  let found: Client | undefined
  for (const client of browsers)
    if (isSameBrowser(client, attempt) && client.lastAt >= (found?.lastAt ?? Number.NEGATIVE_INFINITY)) found = client
  return found
}

/** More is known of a client than when it was first seen: it goes by that from now on. */
const knownBetter = ({byKey}: Clients, client: Client, attempt: Attempt): Client => {
  client.origin ??= attempt.origin
  client.deviceId ??= attempt.deviceId
  byKey.delete(client.key)
  client.key = keyOf({...attempt, origin: client.origin, deviceId: client.deviceId})
  byKey.set(client.key, client)
  return client
}

/** Whose it is, if it is anybody's who is known. */
export const knownClientOf = (clients: Clients, attempt: Attempt): Client | undefined =>
  clients.byKey.get(keyOf(attempt)) ?? sameBrowser(clients, attempt)

/** Each newcomer among them is compared with all. */
const mostBrowsers = 2000

const newIn = (clients: Clients, key: string, attempt: Attempt, most: number): Client => {
  makeRoom(clients, most, attempt.at)
  const client = newClient(key, attempt)
  clients.byKey.set(key, client)
  if (isBrowser(attempt)) clients.browsers.push(client)
  if (clients.browsers.length > mostBrowsers) clients.browsers.shift()
  return client
}

const isFaceOf = ({face, key, client}: Meeting, attempt: Attempt): boolean =>
  face.deviceId === attempt.deviceId &&
  face.client.id === attempt.client.id &&
  face.client.mode === attempt.client.mode &&
  face.remote === attempt.remote &&
  face.behindProxy === attempt.behindProxy &&
  face.origin === attempt.origin &&
  key === client.key

const mostLately = 4

const noteMeeting = (
  {lately}: Clients,
  {client: identity, remote, behindProxy, origin, deviceId}: Attempt,
  client: Client,
): void => {
  lately.push({face: {client: identity, remote, behindProxy, origin, deviceId}, key: client.key, client})
  if (lately.length > mostLately) lately.shift()
}

export const clientOf = (clients: Clients, attempt: Attempt, most: number): Client => {
  for (const meeting of clients.lately) if (isFaceOf(meeting, attempt)) return meeting.client
  const key = keyOf(attempt)
  const known = clients.byKey.get(key)
  if (known) {
    if (known.origin !== attempt.origin && isUnnamed(known)) known.origin = null
    noteMeeting(clients, attempt, known)
    return known
  }
  const same = sameBrowser(clients, attempt)
  return same ? knownBetter(clients, same, attempt) : newIn(clients, key, attempt, most)
}
