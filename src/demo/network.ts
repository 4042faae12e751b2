import {isIP} from 'node:net'
import {isLoopback} from '../domain/address.ts'
import type {Peer} from './server/lines.ts'

/** Where a request really comes from, once the proxies the config trusts are taken off. */
export type Ingress = {kind: 'local' | 'proxied' | 'unattributable'; clientIp: string}

const isPrivate = (address: string): boolean =>
  isLoopback(address) || /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254)\./.test(address)

export const ingressOf = (peer: Pick<Peer, 'remoteAddr' | 'forwardedFor'>, trustedProxies: readonly string[]): Ingress => {
  if (!peer.forwardedFor) return {kind: 'local', clientIp: peer.remoteAddr}
  if (!trustedProxies.includes(peer.remoteAddr)) return {kind: 'unattributable', clientIp: peer.remoteAddr}
  const hops = peer.forwardedFor.split(',').map(hop => hop.trim())
  return {kind: 'proxied', clientIp: hops.findLast(hop => !trustedProxies.includes(hop)) ?? peer.remoteAddr}
}

const parse = (origin: string | undefined): URL | null => (origin && URL.canParse(origin) ? new URL(origin) : null)

const isOwnHost = (hostname: string, local: boolean): boolean => {
  if (isLoopback(hostname)) return local
  return isIP(hostname) > 0 ? isPrivate(hostname) : hostname.endsWith('.local') || hostname.endsWith('.ts.net')
}

/** Why a page may not open a socket; null when it may. */
export const originProblem = (peer: Pick<Peer, 'origin' | 'host'>, local: boolean, allowed: readonly string[]): string | null => {
  const page = parse(peer.origin)
  if (!page || page.origin === 'null') return 'origin missing or invalid'
  if (allowed.includes('*') || allowed.includes(page.origin)) return null
  if (page.host === peer.host && isOwnHost(page.hostname, local)) return null
  return local && isLoopback(page.hostname) ? null : 'origin not allowed'
}
