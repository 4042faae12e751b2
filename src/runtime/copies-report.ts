import type {Client} from '../domain/attempts/client.ts'
import {everyClient} from '../domain/attempts/clients.ts'
import {countDroppedFor} from '../domain/attempts/eviction-policy.ts'
import {areCopiesBroken} from '../domain/diagnosis/token-and-login-problems.ts'
import {dayMs} from '../domain/durations.ts'
import type {Secret} from '../domain/secret.ts'
import {type AcceptedToken, gatewayVariable, keyOf, type TokenCopy, type TokenSetup} from '../domain/token/copy.ts'
import {assumed, evaluateCopies} from '../domain/token/evaluate.ts'
import {type PlaceId, placeRow} from '../domain/token/places.ts'
import {findRevertCauses, type Reverted, worthReporting} from '../domain/token/reverted.ts'
import {findTokenProblems, type TokenProblem} from '../domain/token/token-problems.ts'
import {cliSends, type Winner, winner} from '../domain/token/winner.ts'
import {consoleFiles} from '../gateway/paths.ts'
import {type GatewayAddress, isHere} from '../sources/live/gateway-proof.ts'
import {filesOf} from '../sources/log/files.ts'
import {composeFolders} from '../sources/token/compose-folders.ts'
import {type CopiesRead, readCopies} from '../sources/token/places.ts'
import {readSigns} from '../sources/token/signs.ts'
import {checkToken, findAcceptedToken} from '../sources/token/token-probe.ts'
import {gatewayAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import type {GatewayContext} from './context.ts'
import {meantForRemote} from './gateway-token.ts'
import {remotesOf} from './plans/context.ts'
import {type Snapshot, takeSnapshot} from './snapshot.ts'

/** The whole report of `copies`. */
export type CopiesReport = {
  gateway: {host: string; port: number; pid: number | null; release: string | null}
  enforced: AcceptedToken
  copies: readonly TokenCopy[]
  cli: Winner
  tokenProblems: readonly TokenProblem[]
  reverted: readonly Reverted[]
  clients: readonly Client[]
  /** Number of further clients refused for their token that have no row any more. */
  droppedRecords: number
  snapshot: Snapshot
}

const cannotAsk = ({authMode, gatewayMode}: TokenSetup, hasUrl: boolean): string | null => {
  if (authMode !== null && authMode !== 'token') return `gateway.auth.mode is "${authMode}": it asks for no token`
  const isClient = gatewayMode === 'remote' && !hasUrl
  return isClient ? 'this machine is a client of a gateway elsewhere; name that one with --url' : null
}

/** The one that should be right first, then the others as the server would ask them, backups last. */
const candidatesOf = ({copies, secrets}: CopiesRead, likely: TokenCopy | null): Secret[] => {
  const turn = ({place}: TokenCopy): number => placeRow(place).turn ?? (place === 'backup' ? 90 : 80)
  const others = copies.filter(({digest, kind}) => digest !== null && kind === 'literal').toSorted((a, b) => turn(a) - turn(b))
  return [likely, ...others].flatMap(copy => (copy && secrets.get(keyOf(copy))) ?? [])
}

/** Another machine is sent the token that is kept for it here, and none of this machine's own. */
const askFar = async (
  gate: GatewayAddress,
  {copies, secrets}: CopiesRead,
  {context}: Snapshot,
  won: Winner,
): Promise<AcceptedToken> => {
  const copy = meantForRemote(copies, context.release, context.hostEnv.env)
  const secret = copy && secrets.get(keyOf(copy))
  if (secret) return withFallback(await checkToken(secret, {...gate, isMeant: true}), won)
  const because = `no token on this machine is meant for ${gate.host}: gateway.remote.token or ${gatewayVariable} would be`
  return {...assumed(won), because}
}

const enforcedBy = async (snapshot: Snapshot, read: CopiesRead): Promise<AcceptedToken> => {
  const {options, release, hostEnv} = snapshot.context
  const won = winner(read.copies, release, read.setup.authMode)
  const hasUrl = options.url !== null
  const because = cannotAsk(read.setup, hasUrl)
  if (because !== null) return {...assumed(won), because}
  // Unreachable: do not probe the token.
  if (snapshot.reach.state === 'silent') return {...assumed(won), because: snapshot.reach.because}
  const gate = askedAddress(snapshot.context, read.setup)
  if (!isHere(gate.host)) return askFar(gate, read, snapshot, won)
  const likely = read.setup.gatewayMode === 'remote' ? cliSends(read.copies, release, hostEnv.env, 'remote').copy : won.copy
  const candidates = candidatesOf(read, likely)
  if (options.ask) return withFallback(await findAcceptedToken({...gate, candidates}), won)
  const secret = likely && read.secrets.get(keyOf(likely))
  return secret ? withFallback(await checkToken(secret, gate), won) : assumed(won)
}

/** Without an answer, the copies are still compared with the expected token. */
const withFallback = (description: AcceptedToken, won: Winner): AcceptedToken =>
  description.by === 'unknown' ? {...assumed(won), because: description.because} : description

const isRefusedByToken = ({tallies}: Client): boolean =>
  Array.from(tallies.values()).some(({reason, detail}) => /^token-/.test(detail ?? reason) || /^token-/.test(reason))

/** Where a client of this kind stores its token, guessed from its name. */
export const holderOfCopy = ({identity, origin}: Client): PlaceId => {
  const {id, mode, platform} = identity
  const description = `${id ?? ''} ${mode ?? ''} ${platform ?? ''}`.toLowerCase()
  if (/ios|ipad|android/.test(description)) return 'phone'
  if (/openclaw-mac|macos-app/.test(description)) return 'mac-app'
  if (mode === 'node') return 'node-host'
  return mode === 'webchat' || mode === 'ui' || origin !== null || description.includes('control-ui') ? 'browser' : 'script'
}

const signFiles = ({context, files}: Snapshot): string[] => {
  const own = context.places.flatMap(place => filesOf(place).slice(-2))
  return [...new Set([...own, ...files.slice(-2), ...consoleFiles(context.overrides, context.hostEnv)])]
}

const spanMs = dayMs

const pathsOf = ({context}: Snapshot) => {
  const {overrides, hostEnv, release, stateDir, configFile} = context
  return {overrides, hostEnv, release, stateDir, configFile}
}

export const readCopiesReport = async (context: GatewayContext): Promise<CopiesReport> => {
  const snapshot = await takeSnapshot(context, spanMs)
  const {options, release, hostEnv, remote} = context
  const gate = gatewayAddress(context)
  const elsewhere = remote && {host: remote.host, port: remote.port}
  const compose = composeFolders(options.compose, options.container)
  const read = await readCopies({
    ...pathsOf(snapshot),
    port: gate.port,
    compose,
    host: gate.host,
    remotes: remotesOf(context),
  })
  const enforced = await enforcedBy(snapshot, read)
  const verdictInputs = {release, enforced, setup: read.setup, shellEnv: hostEnv.env}
  const copies = evaluateCopies(read.copies, verdictInputs)
  const signs = await readSigns(signFiles(snapshot))
  const tokenProblems = findTokenProblems({...verdictInputs, copies})
  const reverted = findRevertCauses({copies, enforced, release, shellEnv: hostEnv.env, signs})
  return {
    gateway: {...gate, ...elsewhere, pid: read.holder?.pid ?? null, release: remote ? null : release},
    enforced,
    copies,
    cli: cliSends(copies, release, hostEnv.env, read.setup.gatewayMode),
    tokenProblems: tokenProblems,
    reverted: worthReporting(reverted, areCopiesBroken({tokenProblems: tokenProblems, copies}), snapshot.now),
    clients: everyClient(snapshot.world.clients).filter(isRefusedByToken),
    droppedRecords: countDroppedFor(snapshot.world.clients.dropped, reason => reason.startsWith('token-')),
    snapshot,
  }
}
