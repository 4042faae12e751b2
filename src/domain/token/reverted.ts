import {dayMs} from '../durations.ts'
import {isSince} from '../release.ts'
import {type AcceptedToken, gatewayVariable, isAuthKey, type TokenCopy} from './copy.ts'
import {placeRow} from './places.ts'
import {cliSends} from './winner.ts'

/** What a log says about the token having come back: found by its words, whoever wrote them. */
export type RevertSign = {kind: 'auto-restored' | 'made-up-token'; at: number; from: {file: string; line: number}}

export type Reverted = {
  cause: 'command-line-env' | 'no-literal' | 'auto-restore' | 'start-command'
  title: string
  evidence: string[]
  cure: string
  sure: boolean
  /** When it was last logged. */
  at: number | null
}

export type RevertCase = {
  copies: readonly TokenCopy[]
  enforced: AcceptedToken
  release: string | null
  shellEnv: Readonly<Record<string, string | undefined>>
  signs: readonly RevertSign[]
}

const evidenceFor = (signs: readonly RevertSign[], kind: RevertSign['kind']): string[] =>
  signs
    .filter(sign => sign.kind === kind)
    .slice(-3)
    .map(({at, from}) => `${new Date(at).toISOString()} ${from.file}:${from.line}`)

const lastOf = (signs: readonly RevertSign[], kind: RevertSign['kind']): number | null =>
  signs.findLast(sign => sign.kind === kind && sign.at > 0)?.at ?? null

const isConfig = ({place, key}: TokenCopy): boolean => (place === 'config' || place === 'include') && isAuthKey(key)

const configured = (copies: readonly TokenCopy[]): TokenCopy | undefined =>
  copies.find(copy => isConfig(copy) && copy.kind !== 'unset' && copy.shadowed !== true)

const commandLine = ({copies, enforced, release, shellEnv}: RevertCase): Reverted | null => {
  const config = configured(copies)
  const sent = cliSends(copies, release, shellEnv).copy
  if (!config || sent?.digest == null || config.digest !== enforced.digest || sent.digest === enforced.digest) return null
  return {
    cause: 'command-line-env',
    title: 'The gateway took the new token; only the command line still sends the old one',
    evidence: [`the gateway takes what the config says`, `the command line sends ${sent.key} of ${sent.path}`],
    cure:
      sent.place === 'container-env'
        ? 'Run `gatecrab propagate`: it gives .env the token in force and recreates the container. A plain restart keeps the old one.'
        : `Give ${sent.key} in ${sent.path} the token of the config, or drop it there.${placeRow(sent.place).on === 'container' ? ' Then `docker compose up -d`.' : ''}`,
    sure: enforced.by === 'oracle',
    at: null,
  }
}

const noLiteral = ({copies, signs}: RevertCase): Reverted | null => {
  if (configured(copies)?.kind === 'literal') return null
  const made = evidenceFor(signs, 'made-up-token')
  const rules = copies.find(({wins}) => wins)
  if (made.length === 0 && rules === undefined) return null
  const who = rules ? `${rules.key} of ${rules.path} rules` : 'nothing is set'
  return {
    cause: 'no-literal',
    title: 'The config has no token of its own, so each start takes what the environment has, or makes one up',
    evidence: [`gateway.auth.token is no literal; ${who}`, ...made],
    cure: 'Set gateway.auth.token, or correct the variable at its source.',
    sure: true,
    at: lastOf(signs, 'made-up-token'),
  }
}

const autoRestore = ({copies, release, signs}: RevertCase): Reverted | null => {
  const config = configured(copies)
  const restored = evidenceFor(signs, 'auto-restored')
  const aside = copies.filter(({place, path, digest}) => place === 'backup' && path.includes('.clobbered.') && digest !== null)
  const other = aside.filter(({digest}) => digest !== config?.digest)
  if (restored.length === 0 && other.length === 0) return null
  if (restored.length === 0 && !isSince(release, '2026.6.11')) return null
  return {
    cause: 'auto-restore',
    title: 'The gateway put an older config back at a start, and set the changed one aside',
    evidence: [...restored, ...other.map(({path}) => `${path} holds another token than the config`)],
    cure: 'Make the change again by `gatecrab rotate` or the openclaw command line; an edit by hand must keep the `meta` block.',
    sure: restored.length > 0,
    at: lastOf(signs, 'auto-restored'),
  }
}

const startCommand = ({copies, enforced}: RevertCase): Reverted | null => {
  const pin = copies.find(({place, kind}) => place === 'start-command' && kind === 'literal')
  const config = configured(copies)
  const takesNone = enforced.by === 'oracle' && enforced.digest === null && enforced.acceptsAnything !== true
  const pinned = pin !== undefined && (config?.digest ?? null) !== pin.digest
  if (!pinned && !(takesNone && config?.digest != null)) return null
  return {
    cause: 'start-command',
    title: 'The gateway was started with --token, and hears neither config nor variables',
    evidence: pin
      ? [`--token in ${pin.path}`]
      : [`the gateway refuses what the config and ${gatewayVariable} say; its process hides its arguments`],
    cure: 'Take --token out of the compose `command`, the plist, the unit or the script that starts it, and restart it.',
    sure: pin !== undefined && enforced.digest === pin.digest,
    at: null,
  }
}

/** The four causes of a reverted token, distinguished by their traces; empty where there is no evidence. */
export const findRevertCauses = (it: RevertCase): Reverted[] =>
  [startCommand, autoRestore, noLiteral, commandLine].flatMap(check => check(it) ?? [])

const freshMs = 7 * dayMs

/**
 * Those to tell of: all where something is wrong with the token now; else what a log was seen to say of late, since a config that was
 * put back is at one with itself again.
 */
export const worthReporting = (reverted: readonly Reverted[], isBroken: boolean, now: number): readonly Reverted[] =>
  reverted.filter(({at}) => isBroken || (at !== null && now - at < freshMs))
