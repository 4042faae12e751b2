import {isInRange, isLoopback, parseAddress} from '../address.ts'

/** Some proxies add the port. */
const bare = (hop: string): string => hop.replace(/^\[([^\]]*)\].*$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

const isTrusted = (address: string, trustedProxies: readonly string[]): boolean =>
  trustedProxies.some(range => isInRange(address, range))

/**
 * Whom a proxy speaks for, as the gateway itself takes it: null unless `gateway.trustedProxies` holds the proxy, since anybody
 * can send the header. The last hop that is no proxy counts; what stands before it is the client's own word.
 */
export const addressBehind = (
  remote: string | null,
  forwardedFor: string | null,
  trustedProxies: readonly string[],
): string | null => {
  if (remote === null || forwardedFor === null || !isTrusted(remote, trustedProxies)) return null
  const hops = forwardedFor.split(',').map(hop => bare(hop.trim()))
  return hops.findLast(hop => parseAddress(hop) !== null && !isLoopback(hop) && !isTrusted(hop, trustedProxies)) ?? null
}
