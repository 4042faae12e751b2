import type {Reach} from '../domain/live/listener.ts'
import type {Secret} from '../domain/secret.ts'
import {type AcceptedToken, gatewayVariable, keyOf, type TokenCopy, type TokenSetup} from '../domain/token/copy.ts'
import {assumed, evaluateCopies} from '../domain/token/evaluate.ts'
import {placeRow} from '../domain/token/places.ts'
import {findTokenProblems, type TokenProblem} from '../domain/token/token-problems.ts'
import {asksForSecret, cliSends, type Winner, winner} from '../domain/token/winner.ts'
import {type GatewayAddress, isHere} from '../sources/live/gateway-proof.ts'
import {composeFolders} from '../sources/token/compose.ts'
import {type CopiesRead, readCopies} from '../sources/token/places.ts'
import {listedRemotes} from '../sources/token/remotes.ts'
import {checkToken, findAcceptedToken} from '../sources/token/token-probe.ts'
import {gatewayAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import type {GatewayContext} from './context.ts'
import {meantForRemote} from './gateway-token.ts'

/** The machines that were named, here or in the operator's list. */
export const remotesOf = ({options, hostEnv}: Pick<GatewayContext, 'options' | 'hostEnv'>): string[] => [
  ...new Set([...options.remotes, ...listedRemotes(hostEnv)]),
]

/** The copies of the token, which of them the gateway takes, and what is wrong with them. */
export type TokenStatus = {
  enforced: AcceptedToken
  copies: readonly TokenCopy[]
  tokenProblems: readonly TokenProblem[]
}

/** What was gathered once: the copies, and what the port answered. */
type TokenInputs = {read: CopiesRead; reach: Reach}

export const gatherCopies = (context: GatewayContext): Promise<CopiesRead> => {
  const {options, overrides, hostEnv, release, stateDir, configFile} = context
  return readCopies({
    ...{overrides, hostEnv, release, stateDir, configFile},
    ...gatewayAddress(context),
    compose: composeFolders(options.compose, options.container),
    remotes: remotesOf(context),
  })
}

const cannotAsk = ({authMode, gatewayMode}: TokenSetup, hasUrl: boolean): string | null => {
  if (!asksForSecret(authMode)) return `gateway.auth.mode is "${authMode}": it asks for no token`
  const isClient = gatewayMode === 'remote' && !hasUrl
  return isClient ? 'this machine is a client of a gateway elsewhere; name that one with --url' : null
}

/** Without an answer, the copies are still compared with the expected token. */
const withFallback = (accepted: AcceptedToken, won: Winner): AcceptedToken =>
  accepted.by === 'unknown' ? {...assumed(won), because: accepted.because} : accepted

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
  context: GatewayContext,
  won: Winner,
): Promise<AcceptedToken> => {
  const copy = meantForRemote(copies, context.release, context.hostEnv.env)
  const secret = copy && secrets.get(keyOf(copy))
  if (secret) return withFallback(await checkToken(secret, {...gate, isMeant: true}), won)
  const because = `no token on this machine is meant for ${gate.host}: gateway.remote.token or ${gatewayVariable} would be`
  return {...assumed(won), because}
}

const findEnforced = async (context: GatewayContext, {read, reach}: TokenInputs): Promise<AcceptedToken> => {
  const {options, release, hostEnv} = context
  const won = winner(read.copies, release, read.setup.authMode)
  const hasUrl = options.url !== null
  const because = cannotAsk(read.setup, hasUrl)
  if (because !== null) return {...assumed(won), because}
  // Unreachable: do not probe the token.
  if (reach.state === 'silent') return {...assumed(won), because: reach.because}
  const gate = askedAddress(context, read.setup)
  if (!isHere(gate.host)) return askFar(gate, read, context, won)
  const likely = read.setup.gatewayMode === 'remote' ? cliSends(read.copies, release, hostEnv.env, 'remote').copy : won.copy
  const candidates = candidatesOf(read, likely)
  if (options.ask) return withFallback(await findAcceptedToken({...gate, candidates}), won)
  const secret = likely && read.secrets.get(keyOf(likely))
  return secret ? withFallback(await checkToken(secret, gate), won) : assumed(won)
}

export const readTokenStatus = async (context: GatewayContext, inputs: TokenInputs): Promise<TokenStatus> => {
  const {release, hostEnv} = context
  const {copies, setup} = inputs.read
  const enforced = await findEnforced(context, inputs)
  const verdictInputs = {release, enforced, setup, shellEnv: hostEnv.env}
  const evaluated = evaluateCopies(copies, verdictInputs)
  return {enforced, copies: evaluated, tokenProblems: findTokenProblems({...verdictInputs, copies: evaluated})}
}
