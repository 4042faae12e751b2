import {clean} from '../clean.ts'

export type Address = {host: string; port: number}

/** Who holds one end of a connection, as far as the system tells this user. */
export type Owner = {pid: number | null; process: string | null; user: string | null}

/** The process that a client of this host is, and the attempt by which that was first seen: of an earlier one it tells nothing. */
export type ClientProcess = Owner & {since: number}

/** A TCP connection to the gateway's port. */
export type Connection = {
  /** `CLIENT:PORT->GATEWAY:PORT`, as the gateway's log writes it. */
  endpoint: string
  client: Address
  gateway: Address
  open: boolean
  /** The process at the client's end; null where it is on another host. */
  owner: Owner | null
  firstSeen: number
  /** The last look at which it was not there yet; null where it was there at the first. */
  notYetAt: number | null
}

export type Listening = Owner & {host: string}

export type SocketTable = {
  /** Why the sockets are unknown, if they are. */
  problem: string | null
  at: number
  port: number
  connections: readonly Connection[]
  listeners: readonly Listening[]
  tookMs: number
}

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** One way to write an address, however it came. */
export const plainHost = (host: string): string => {
  const bare = host.replace(/^\[|\]$/g, '').replace(mapped, '')
  return bare.includes(':') ? bare.toLowerCase() : bare
}

const written = ({host, port}: Address): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

export const endpointOf = (client: Address, gateway: Address): string => `${written(client)}->${written(gateway)}`

/** Of the longest name that DNS has. */
const maxHostLength = 255

export const readAddress = (text: string): Address | null => {
  const [, host, port] = /^(.*):(\d+|\*)$/.exec(text.trim()) ?? []
  return host === undefined ? null : {host: plainHost(clean(host, maxHostLength)), port: Number(port) || 0}
}

/** The endpoint of a log line as `endpointOf` writes it, so that the two can be compared. */
export const plainEndpoint = (endpoint: string): string => {
  const [client, gateway] = endpoint.split('->').map(readAddress)
  return client && gateway ? endpointOf(client, gateway) : endpoint
}
