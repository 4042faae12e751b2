import {bareHost, isLoopback} from '../address.ts'

/** Whether an address is that of the gateway that is spoken of. */
export type Destination = 'here' | 'elsewhere' | 'unknown'

/** The gateway's names: its port, its host's names and addresses, and those the operator gave. */
export type GatewayNames = {port: number; names: readonly string[]; operatorNames: readonly string[]}

const bare = (host: string): string => bareHost(host).replace(/\.$/, '').toLowerCase()

export const isLoopbackName = (host: string): boolean =>
  isLoopback(bare(host)) || /^(?:.+\.localhost|0\.0\.0\.0|::)$/.test(bare(host))

const isAddress = (host: string): boolean => host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host)

const isOneOf = (host: string, names: readonly string[]): boolean => names.some(name => bare(name) === host)

/** On the host of the gateway. A port that is not named is that of a proxy in front of it, or of something else. */
const byPort = ({port: named, protocol}: URL, {port}: GatewayNames): Destination => {
  const usual = protocol === 'wss:' || protocol === 'https:' ? 443 : 80
  if ((Number(named) || usual) === port) return 'here'
  return named === '' ? 'unknown' : 'elsewhere'
}

/**
 * Where the address in somebody's config leads. `addresses`: what its name stands for in the network, null where nobody asked or none
 * is known.
 */
export const destinationOf = (address: string, gateway: GatewayNames, addresses: readonly string[] | null): Destination => {
  const url = URL.parse(address)
  if (url === null || !/^(?:wss?|https?):$/.test(url.protocol)) return 'unknown'
  const host = bare(url.hostname)
  if (isLoopbackName(host) || isOneOf(host, gateway.names)) return byPort(url, gateway)
  if (isOneOf(host, gateway.operatorNames)) return 'here'
  const meant = isAddress(host) ? [host] : addresses
  if (meant === null || meant.length === 0) return 'unknown'
  return meant.some(one => isLoopbackName(one) || isOneOf(bare(one), gateway.names)) ? byPort(url, gateway) : 'elsewhere'
}

/** An address without what may be secret in it. */
export const addressText = (address: string): string => {
  const url = URL.parse(address)
  return url === null ? 'an address that cannot be read' : `${url.protocol}//${url.host}`
}

const isPlain = (name: string): boolean => /^[\w.:-]+$/.test(name)
/** A shell takes what stands between brackets for one of these letters. */
const inPattern = (name: string): string => (name.includes(':') ? `\\[${name}\\]` : name)

/** For `case` in a shell: the addresses by which another machine may call this gateway. Loopback means that machine itself. */
export const addressPatterns = ({port, names, operatorNames}: GatewayNames): readonly string[] => {
  const hosts = [...new Set(names.map(bare))].filter(name => isPlain(name) && !isLoopbackName(name)).map(inPattern)
  const named = [...new Set(operatorNames.map(bare))].filter(isPlain).map(inPattern)
  const ends = [...hosts.map(host => `${host}:${port}`), ...named.flatMap(host => [host, `${host}:*`])]
  return ends.flatMap(end => ['ws', 'wss'].flatMap(scheme => [`${scheme}://${end}`, `${scheme}://${end}/*`]))
}

/** As ssh names a machine; what looks like an option of ssh, or like more than a name, is none. */
export const isMachine = (host: string): boolean => /^(?!-)(?:[\w.-]+@(?!-))?[\w.:%[\]-]+$/.test(host)

/** Names that a gateway runs under; anything else on its port is a proxy, or stands for a container. */
export const mayBeGateway = (command: string): boolean => command === '' || /openclaw|clawdbot|node|bun|MainThread/i.test(command)
