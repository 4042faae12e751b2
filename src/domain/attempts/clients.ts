import {type Attempt, addressOf} from './attempt.ts'
import {type Client, createClient} from './client.ts'
import {type Dropped, emptyDropped, evict, isUnnamed} from './eviction-policy.ts'

type ClientKeyFields = Pick<Attempt, 'client' | 'remote' | 'behindProxy' | 'origin' | 'deviceId'>

/** Caches recent client matches: most retries follow at once, and a lookup is cheaper than building the key. */
type RecentMatch = {fields: ClientKeyFields; key: string; client: Client}

export type Clients = {
  byKey: Map<string, Client>
  /** Those of webchat, the first seen first. */
  browsers: Client[]
  recentMatches: RecentMatch[]
  dropped: Dropped
}

export const createClients = (): Clients => ({byKey: new Map(), browsers: [], recentMatches: [], dropped: emptyDropped()})

export const everyClient = ({byKey}: Clients): Client[] => Array.from(byKey.values())

/** The connections of all who are in, as far as the log tells. */
export const everyOpen = (clients: Clients): Attempt[] => everyClient(clients).flatMap(({open}) => [...open])

/**
 * The platform is no part of who a client is: not every line tells it. Who never said a name is an address and no more: its
 * origin is a header, and anybody can send another with each socket.
 */
const keyOf = (fields: ClientKeyFields): string => {
  const {client, origin, deviceId} = fields
  const originPart = isUnnamed({identity: client, deviceId}) ? '' : (origin ?? '')
  return `${client.id ?? ''}\0${client.mode ?? ''}\0${addressOf(fields) ?? ''}\0${originPart}\0${deviceId ?? ''}`
}

/** Untrusted clients choose their own names, so the number of names is unbounded. */
const makeRoom = (clients: Clients, max: number, now: number): void => {
  if (clients.byKey.size < max) return
  evict(clients.byKey, clients.dropped, max, now)
  clients.browsers = clients.browsers.filter(({key}) => clients.byKey.has(key))
  clients.recentMatches = []
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

/** Moves a client to a better key once more of its identity is known. */
const adoptIdentity = ({byKey}: Clients, client: Client, attempt: Attempt): Client => {
  client.origin ??= attempt.origin
  client.deviceId ??= attempt.deviceId
  byKey.delete(client.key)
  client.key = keyOf({...attempt, origin: client.origin, deviceId: client.deviceId})
  byKey.set(client.key, client)
  return client
}

/** The client the attempt belongs to, if it is known. */
export const findClient = (clients: Clients, attempt: Attempt): Client | undefined =>
  clients.byKey.get(keyOf(attempt)) ?? sameBrowser(clients, attempt)

/** Each newcomer among them is compared with all. */
const maxBrowsers = 2000

const addClient = (clients: Clients, key: string, attempt: Attempt, max: number): Client => {
  makeRoom(clients, max, attempt.at)
  const client = createClient(key, attempt)
  clients.byKey.set(key, client)
  if (isBrowser(attempt)) clients.browsers.push(client)
  if (clients.browsers.length > maxBrowsers) clients.browsers.shift()
  return client
}

const isMatch = ({fields, key, client}: RecentMatch, attempt: Attempt): boolean =>
  fields.deviceId === attempt.deviceId &&
  fields.client.id === attempt.client.id &&
  fields.client.mode === attempt.client.mode &&
  fields.remote === attempt.remote &&
  fields.behindProxy === attempt.behindProxy &&
  fields.origin === attempt.origin &&
  key === client.key

const maxRecentMatches = 4

const rememberMatch = (
  {recentMatches}: Clients,
  {client: identity, remote, behindProxy, origin, deviceId}: Attempt,
  client: Client,
): void => {
  recentMatches.push({fields: {client: identity, remote, behindProxy, origin, deviceId}, key: client.key, client})
  if (recentMatches.length > maxRecentMatches) recentMatches.shift()
}

export const findOrAddClient = (clients: Clients, attempt: Attempt, max: number): Client => {
  for (const match of clients.recentMatches) if (isMatch(match, attempt)) return match.client
  const key = keyOf(attempt)
  const existing = clients.byKey.get(key)
  if (existing) {
    if (existing.origin !== attempt.origin && isUnnamed(existing)) existing.origin = null
    rememberMatch(clients, attempt, existing)
    return existing
  }
  const same = sameBrowser(clients, attempt)
  return same ? adoptIdentity(clients, same, attempt) : addClient(clients, key, attempt, max)
}
