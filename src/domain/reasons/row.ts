/** Whose trouble it is; `gateway` is the gateway's session layer, which turned the client away by its own rules. */
export type Layer = 'gateway' | 'network' | 'client' | 'lifecycle' | 'provider' | 'channel'

/** What a key can do about it. */
type FixId = 'rotate' | 'restart' | 'propagate' | 'verify' | 'renew'

/** What the gateway found fault with; `page` is a browser page, `client` a program, `worker` a helper process of the gateway. */
export type ReasonAbout =
  | 'token'
  | 'password'
  | 'device-token'
  | 'bootstrap-token'
  | 'device'
  | 'page'
  | 'client'
  | 'proxy'
  | 'worker'

/** One row of the reason table. */
export type Reason = {
  readonly layer: Layer
  /** Of those that have one. */
  readonly about?: ReasonAbout
  /** The general reason that this one is a closer case of. */
  readonly under?: string
  /** A sign-in was turned down. */
  readonly authFailure?: true
  /** OpenClaw tried to renew a login, and did not get it. */
  readonly isRenewal?: true
  /** It does not pass by itself. */
  readonly isLasting?: true
  /** The gateway's own words for it, as in the meta of its log line. */
  readonly authReason?: string
  readonly cause?: string
  /** Further words and codes that mean this reason before any other. */
  readonly alias?: readonly string[]
  /** Words and codes that it shares. */
  readonly also?: readonly string[]
  /** Close codes as the gateway logs them; the client may have seen another one. */
  readonly codes?: readonly number[]
  /** How a close text, or the line that tells of it, begins: for logs whose lines carry no meta. */
  readonly text?: RegExp
  /** A provider's failure: OpenClaw's word for it, and the HTTP status. */
  readonly why?: readonly string[]
  readonly status?: readonly number[]
  /** The first OpenClaw release that has it. */
  readonly since: string
  /** certain: seen in a gateway that ran; likely: read in its code; guess: neither. */
  readonly sure: 'certain' | 'likely' | 'guess'
  /** What such a client does, and what several do, for the title of the problem. */
  readonly inShort?: readonly [one: string, several: string]
  readonly means: string
  readonly fixes: readonly FixId[]
  readonly tryThis: string
  /** What helps from a later release on, whose OpenClaw has a better way. */
  readonly tryThisFrom?: {readonly release: string; readonly tryThis: string}
  /** A real line where one was captured, else a close text with its fields as `key=value`, or an HTTP status line. */
  readonly example: string
}
