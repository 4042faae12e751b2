import type {ListenerVerdict} from '../../domain/live/listener.ts'
import type {TokenAnswer} from '../../domain/plans/facts.ts'
import type {GatewayFix} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'
import {type AcceptedToken, keyOf, type TokenCopy} from '../../domain/token/copy.ts'
import {assumed, evaluateCopies} from '../../domain/token/evaluate.ts'
import {type Winner, winner} from '../../domain/token/winner.ts'
import type {GatewayAddress} from '../../sources/live/gateway-proof.ts'
import {type CopiesRead, configCopyOf} from '../../sources/token/places.ts'
import {findAcceptedToken} from '../../sources/token/token-probe.ts'
import {askedAddress} from '../asked-address.ts'
import type {PlanContext} from './context.ts'

const notAsked: TokenAnswer = {answer: 'ours', because: null, copy: null}

const acceptedBy = (enforced: AcceptedToken, copies: readonly TokenCopy[], won: Winner): TokenAnswer => {
  const {digest, because, acceptsAnything, by, noAnswer} = enforced
  if (acceptsAnything === true) return {answer: 'anything', because, copy: null}
  if (by !== 'oracle') return {answer: noAnswer ? 'no-answer' : 'not-ready', because, copy: null}
  const first = won.copy !== null && won.copy.digest === digest ? won.copy : null
  const copy = digest === null ? null : (first ?? copies.find(one => one.digest === digest) ?? null)
  if (copy === null) return {answer: 'none', because, copy: null}
  return {answer: first === null ? 'another' : 'ours', because, copy}
}

const asks: readonly GatewayFix[] = ['rotate', 'put-back', 'propagate', 'undo', 'clean-up']

const history = ['backup', 'audit-log', 'profile-config', 'remote-config', 'remote-host']

const candidates = ({copies, secrets}: CopiesRead, won: Winner, backedUp: readonly Secret[]) => {
  const live = copies.filter(({place}) => !history.includes(place))
  const secretsOf = (of: readonly (TokenCopy | null | undefined)[]) =>
    of.flatMap(copy => (copy ? (secrets.get(keyOf(copy)) ?? []) : []))
  return [...secretsOf([won.copy, configCopyOf(copies)]), ...backedUp, ...secretsOf(live)]
}

/** `digest`: of the token that the gateway said yes to, wherever it stands. */
type TokenTrial = {accepted: TokenAnswer; copies: readonly TokenCopy[]; digest: string | null}

export const contextAddress = ({context, host, port}: PlanContext, {setup}: CopiesRead): GatewayAddress => ({
  ...askedAddress(context, setup),
  ...{host, port},
})

type AcceptanceExtras = {won: Winner; listener: ListenerVerdict; backedUp?: readonly Secret[]}

/** Where it is not proven who listens, nothing is sent before a person has read the plan and confirmed it. */
export const findAccepted = async (
  fix: GatewayFix,
  planContext: PlanContext,
  read: CopiesRead,
  {won, listener, backedUp = []}: AcceptanceExtras,
): Promise<TokenTrial> => {
  if (!asks.includes(fix) || listener.is === 'unproven' || listener.is === 'foreign')
    return {accepted: {...notAsked, copy: won.copy}, copies: read.copies, digest: null}
  const enforced = await findAcceptedToken({
    candidates: candidates(read, won, backedUp),
    ...contextAddress(planContext, read),
  })
  const verdictInputs = {release: planContext.release, setup: read.setup, shellEnv: planContext.context.hostEnv.env}
  const copies = evaluateCopies(read.copies, {...verdictInputs, enforced: enforced.digest === null ? assumed(won) : enforced})
  const accepted = acceptedBy(enforced, copies, winner(copies, planContext.release, read.setup.authMode))
  return {accepted, copies, digest: enforced.digest}
}
