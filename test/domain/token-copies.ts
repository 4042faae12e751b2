import {Secret} from '../../src/domain/secret.ts'
import {type AcceptedToken, type TokenCopy, type TokenReference, type TokenSetup, tokenKey} from '../../src/domain/token/copy.ts'
import type {PlaceId} from '../../src/domain/token/places.ts'

/** Every release that was run to learn the rules, oldest first. */
export const releases = [
  '2026.1.29',
  '2026.2.6-3',
  '2026.2.26',
  '2026.3.13',
  '2026.4.15',
  '2026.5.28',
  '2026.6.11',
  '2026.7.35',
  '2026.8.2',
  '2026.9.6',
] as const

/** A copy as a reader would make it; tokens are told apart by their mark alone. */
export const copy = (place: PlaceId, digest: string | null, more: Partial<TokenCopy> = {}): TokenCopy => ({
  place,
  path: `/${place}`,
  key: place === 'config' || place === 'include' ? tokenKey : 'OPENCLAW_GATEWAY_TOKEN',
  kind: digest === null ? 'unset' : 'literal',
  pointsTo: null,
  fingerprint: digest === null ? null : `${digest}…${digest}`,
  digest: digest,
  wins: false,
  verdict: 'unknown',
  writable: false,
  mode: '0600',
  problem: null,
  ...more,
})

export const template = (name: string, digest: string | null): TokenCopy =>
  copy('config', digest, {kind: 'reference', reference: {how: 'template', source: 'env', name}, pointsTo: `env ${name}`})

export const secretRef = (source: TokenReference['source'], name: string, digest: string | null): TokenCopy =>
  copy('config', digest, {kind: 'reference', reference: {how: 'secret-ref', source, name}, pointsTo: `${source} ${name}`})

export const takes = (digest: string | null, more: Partial<AcceptedToken> = {}): AcceptedToken => ({
  fingerprint: digest,
  digest: digest,
  by: 'oracle',
  provenAt: '2026-11-21T12:00:00.000Z',
  acceptsAnything: null,
  because: null,
  ...more,
})

export const plainSetup: TokenSetup = {
  authMode: 'token',
  gatewayMode: 'local',
  reloadMode: null,
  include: 'none',
  tls: false,
  certPath: null,
  problem: null,
}

export const secret = (text: string): Secret => new Secret(text)
