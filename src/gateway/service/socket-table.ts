import {isLoopback} from '../../domain/address.ts'
import {type Address, type Connection, endpointOf, type Listening, type Owner} from '../../domain/live/socket.ts'

/** One end of a TCP connection, or a listener, as the system lists it. */
export type SocketEnd = Owner & {
  local: Address
  remote: Address | null
  state: 'listening' | 'open' | 'closing'
  /** The number by which Linux knows the socket. */
  inode: string | null
  uid: number | null
}

type Both = {client: Address; gateway: Address; atGateway: SocketEnd | null; atClient: SocketEnd | null}

/** The two ends of each connection brought together; a connection to the same port of another host is none of ours. */
const pairs = (ends: readonly SocketEnd[], port: number): Both[] => {
  const found = new Map<string, Both>()
  for (const end of ends) {
    if (end.remote === null || end.state === 'listening') continue
    const isGateways = end.local.port === port
    const [client, gateway] = isGateways ? [end.remote, end.local] : [end.local, end.remote]
    const key = endpointOf(client, gateway)
    const both = found.get(key) ?? {client, gateway, atGateway: null, atClient: null}
    found.set(key, {...both, ...(isGateways ? {atGateway: end} : {atClient: end})})
  }
  return [...found.values()].filter(both => both.atGateway !== null || isLoopback(both.gateway.host))
}

const ownerOf = ({pid, process, user}: SocketEnd): Owner => ({pid, process, user})

const connectionOf = ({client, gateway, atGateway, atClient}: Both): Omit<Connection, 'firstSeen' | 'notYetAt'> => ({
  endpoint: endpointOf(client, gateway),
  client,
  gateway,
  open: (atGateway ?? atClient)?.state === 'open' && (atClient?.state ?? 'open') === 'open',
  owner: atClient && ownerOf(atClient),
})

export type Listed = {connections: Omit<Connection, 'firstSeen' | 'notYetAt'>[]; listeners: Listening[]}

export const listed = (ends: readonly SocketEnd[], port: number): Listed => ({
  connections: pairs(ends, port).map(connectionOf),
  listeners: ends
    .filter(({state, local}) => state === 'listening' && local.port === port)
    .map(end => ({...ownerOf(end), host: end.local.host})),
})
