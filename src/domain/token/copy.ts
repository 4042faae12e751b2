import type {Destination} from '../live/gateway-names.ts'
import {filledText} from '../shell.ts'
import type {CopyProblem} from './copy-problems.ts'
import type {PlaceId} from './places.ts'

/** Why no secret is written into a file: accounts other than the gateway's, root and ours could read it. */
type Exposure = {id: 'other-owner'; owner: string} | {id: 'others-can-read'; mode: string}

/** A file's permissions for accounts other than its owner, as mode bits. */
type FileAccess = {uid: number; mode: number}

const root = 0

/** `trusted` are the gateway's account and our own. */
export const exposureOf = ({uid, mode}: FileAccess, trusted: readonly number[]): Exposure | null => {
  if (uid !== root && !trusted.includes(uid)) return {id: 'other-owner', owner: `user ${uid}`}
  return (mode & 0o066) === 0 ? null : {id: 'others-can-read', mode: (mode & 0o7777).toString(8).padStart(4, '0')}
}

/** The reason and what helps, for a file that is left as it is. */
export const exposureText = (
  exposure: Exposure,
  path: string,
  command = 'gatecrab propagate',
): {because: string; tryThis: string} =>
  exposure.id === 'other-owner'
    ? {
        because: `it belongs to ${exposure.owner}, who would have the token`,
        tryThis: filledText(
          `If it is yours all the same, run \`sudo chown "$(id -u)" {path}\` and \`chmod 600 {path}\`, then \`${command}\`.`,
          {path},
        ),
      }
    : {
        because: `other accounts may read or change it (mode ${exposure.mode})`,
        tryThis: filledText(`Run \`chmod 600 {path}\`, then \`${command}\`.`, {path}),
      }

export type {PlaceId} from './places.ts'

/** One place in which a gateway token lives, as the `copies` command prints it; the value itself never leaves `sources`. */
export type TokenCopy = {
  place: PlaceId
  path: string
  key: string
  kind: 'literal' | 'reference' | 'placeholder' | 'unset' | 'unreadable'
  /** Where a reference leads, in words: `env OPENCLAW_GATEWAY_TOKEN`, `file /run/secrets/gw`. */
  pointsTo: string | null
  fingerprint: string | null
  /** A keyed hash, good for this run only: copies with the same mark hold the same token. A reference has that of its value. */
  digest: string | null
  wins: boolean
  verdict: 'agrees' | 'differs' | 'absent' | 'not-a-secret' | 'unknown'
  writable: boolean
  mode: string | null
  /** The worst of `problems`, in words, with its cure. */
  problem: string | null
  problems?: readonly CopyProblem[]
  reference?: TokenReference
  /** Another place of the same config overrides it. */
  shadowed?: boolean
  /** The gateway that a remote token is for, where its config names one, and whether that is this one. */
  meant?: {url: string; is: Destination}
  /** Its file is not writable for us although it could be: a secret in it would be another account's too. */
  exposure?: Exposure
  /** For a writer; never printed. */
  spot?: Spot
}

/** A reference instead of a token: `${NAME}` is expanded when the config is read, a SecretRef when secrets are resolved. */
export type TokenReference = {how: 'template' | 'secret-ref'; source: 'env' | 'file' | 'exec' | 'store'; name: string}

/** Where in a file the value stands, and what the file was when it was read. */
type Spot = {
  file: string
  at: readonly string[]
  /** A keyed hash of the whole file, good for this run only. */
  digest: string
  changedAt: number
  /** Who may own the file that a secret is written into, beside root. */
  trusted: readonly number[]
}

/** The token that the gateway accepts, and how that was determined. */
export type AcceptedToken = {
  fingerprint: string | null
  digest: string | null
  by: 'oracle' | 'hello' | 'config' | 'unknown'
  provenAt: string | null
  /** Authentication is off, so any token is accepted. Null if not probed. */
  acceptsAnything: boolean | null
  /** The gateway did not answer, or is not ready; in words. */
  because: string | null
  /** Nothing listens there, or its host cannot be reached: nobody could be asked. */
  noAnswer?: true
  /** Marks of the tokens that it refused. */
  refused?: readonly string[]
}

/** What the config says around the token. */
export type TokenSetup = {
  authMode: string | null
  gatewayMode: string | null
  reloadMode: string | null
  include: 'none' | 'whole' | 'mixed'
  tls: boolean
  /** The file of its certificate, where the config names one. */
  certPath: string | null
  /** The config cannot be read; in words. */
  problem: string | null
  /** A keyed hash of hooks.token, good for this run only; null where hooks are off or have none. */
  hooksDigest?: string | null
}

export const gatewayVariable = 'OPENCLAW_GATEWAY_TOKEN'
/** Read by 2026.1.29 and 2026.2.6-3 only. */
export const formerVariable = 'CLAWDBOT_GATEWAY_TOKEN'
export const tokenKey = 'gateway.auth.token'
export const remoteKey = 'gateway.remote.token'

/** What a gateway asks its clients for, and the names under which that is kept. */
export type SecretKeys = {
  is: 'token' | 'password'
  auth: string
  remote: string
  variable: string
  /** An older name of the variable, where there was one. */
  former: string | null
}

const tokenKeys: SecretKeys = {
  is: 'token',
  auth: tokenKey,
  remote: remoteKey,
  variable: gatewayVariable,
  former: formerVariable,
}

const passwordKeys: SecretKeys = {
  is: 'password',
  auth: 'gateway.auth.password',
  remote: 'gateway.remote.password',
  variable: 'OPENCLAW_GATEWAY_PASSWORD',
  former: null,
}

export const secretKeys = (authMode: TokenSetup['authMode']): SecretKeys => (authMode === 'password' ? passwordKeys : tokenKeys)

/** Of copies that were read together: the config is always among them, set or not. */
export const keysOfCopies = (copies: readonly Pick<TokenCopy, 'place' | 'key'>[]): SecretKeys =>
  copies.some(({place, key}) => (place === 'config' || place === 'include') && key === passwordKeys.auth)
    ? passwordKeys
    : tokenKeys

/** Where a copy is a password, in which a person may have put blanks. */
export const isPasswordKey = (key: string): boolean =>
  [passwordKeys.auth, passwordKeys.remote, passwordKeys.variable].some(name => key === name || key.endsWith(`.${name}`))

/** The key under which a config holds what its gateway asks for. */
export const isAuthKey = (key: string): boolean => key === tokenKeys.auth || key === passwordKeys.auth
export const isRemoteKey = (key: string): boolean => key === tokenKeys.remote || key === passwordKeys.remote

export const keyOf = ({place, path, key}: Pick<TokenCopy, 'place' | 'path' | 'key'>): string => `${place} ${path} ${key}`

/** The variable that a copy sets, whatever its key has before it: `env.vars.NAME`, `service.NAME`. */
export const variableOf = ({key}: Pick<TokenCopy, 'key'>): string => key.slice(key.lastIndexOf('.') + 1)
