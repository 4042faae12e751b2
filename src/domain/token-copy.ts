/** One place in which a gateway token lives, as the `copies` command prints it; the value itself never leaves `sources`. */
export type TokenCopy = {
  place: PlaceId
  path: string
  key: string
  kind: 'literal' | 'reference' | 'placeholder' | 'unset' | 'unreadable'
  /** Where a reference leads, in words: `env OPENCLAW_GATEWAY_TOKEN`, `file /run/secrets/gw`. */
  pointsTo: string | null
  fingerprint: string | null
  /** A keyed hash, good for this run only: copies with the same mark hold the same token. */
  mark: string | null
  wins: boolean
  verdict: 'agrees' | 'differs' | 'absent' | 'not-a-secret' | 'unknown'
  writable: boolean
  mode: string | null
  problem: string | null
}

export type PlaceId = string

/** Which token the gateway really accepts, and how that is known. */
export type Enforced = {
  fingerprint: string | null
  mark: string | null
  by: 'oracle' | 'hello' | 'config' | 'unknown'
  provenAt: string | null
  /** The gateway accepts any token: authentication is off. */
  acceptsAnything: boolean
  /** The gateway did not answer, or is not ready; in words. */
  because: string | null
}
