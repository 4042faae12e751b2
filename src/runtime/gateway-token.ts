import path from 'node:path'
import type {CopyText} from '../app/feed.ts'
import type {Store} from '../app/store.ts'
import {unexpectedFailure} from '../domain/failure.ts'
import type {Secret} from '../domain/secret.ts'
import {gatewayVariable, keyOf, type TokenCopy} from '../domain/token/copy.ts'
import {cliSends, isTokenMode, winner} from '../domain/token/winner.ts'
import {changedAt} from '../sources/files.ts'
import {type CopiesRead, type CopyLocations, readCopies} from '../sources/token/places.ts'
import type {GatewayTarget} from './gateway-target.ts'

const staleMs = 15_000

type Env = Readonly<Record<string, string | undefined>>

/** The copy that is kept for a gateway on another machine. */
export const meantForRemote = (copies: readonly TokenCopy[], release: string | null, env: Env): TokenCopy | null => {
  const {copy} = cliSends(copies, release, env, 'remote')
  return copy !== null && (copy.place === 'remote-config' || copy.key.endsWith(gatewayVariable)) ? copy : null
}

/** A local token is not sent to another host, unless the config names it for that host. */
const copyFor = ({gateway, isLocal}: GatewayTarget, {copies, setup}: CopiesRead): TokenCopy | null => {
  const {release, hostEnv} = gateway
  if (!isTokenMode(setup.authMode)) return null
  if (isLocal && setup.gatewayMode !== 'remote') return winner(copies, release).copy
  return meantForRemote(copies, release, hostEnv.env)
}

/** The expected token among what was read; `before`: that of an earlier reading. */
export const expectedToken = (target: GatewayTarget, read: CopiesRead, before: Secret | null = null): Secret | null => {
  // A gateway that runs goes on with the token of before its config was broken, and so do we.
  if (target.isLocal && winner(read.copies, target.gateway.release).isUnread) return before
  const copy = copyFor(target, read)
  return copy === null ? null : (read.secrets.get(keyOf(copy)) ?? null)
}

/** The expected token, read again when a file that may hold it has changed. */
export const tokenKeeper = (target: GatewayTarget): (() => Promise<Secret | null>) => {
  const files = [target.configFile, path.join(target.stateDir, '.env')]
  let token: Secret | null = null
  let lastStamp = ''
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    const stamp = files.map(changedAt).join()
    if (stamp === lastStamp && performance.now() - readAt < staleMs) return token
    lastStamp = stamp
    readAt = performance.now()
    token = expectedToken(target, await readCopies(target.gateway), token)
    return token
  }
}

const handOver = async (locations: CopyLocations, store: Store, copy: CopyText): Promise<void> => {
  const tell = (text: string): void => store.dispatch({type: 'notified', text})
  const {copies, secrets, setup} = await readCopies(locations)
  const {copy: current} = winner(copies, locations.release, setup.authMode)
  const secret = current && secrets.get(keyOf(current))
  if (!current || !secret) return tell('There is no token to copy: none of the places that are read holds the one in force')
  const {enforced} = store.state().copies ?? {}
  if (enforced?.by === 'oracle' && enforced.digest !== current.digest)
    return tell('Not copied: the gateway takes another token than its config holds; panel 5 says what is wrong')
  if (!(await copy(secret.reveal().trim(), true)))
    return tell(
      'Not copied: this tmux is older than 3.2 and might keep the token in a buffer. Leave tmux, or see `openclaw dashboard`',
    )
  tell(`${current.fingerprint} is on the clipboard of your terminal, if it allows that: copy something else when you are done`)
}

/** Hands the token in force to the terminal of the person who asked for it. It comes on no screen and into no file. */
export const handOverToken = (locations: CopyLocations, store: Store, copy: CopyText): void => {
  handOver(locations, store, copy).catch(error => {
    store.dispatch({type: 'failed', problem: unexpectedFailure('The token cannot be read', error)})
  })
}
