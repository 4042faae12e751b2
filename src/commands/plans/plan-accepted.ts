import type {ListenerVerdict} from '../../domain/live/listener.ts'
import type {GatewayFix} from '../../domain/plans/plan.ts'
import type {Accepted} from '../../domain/plans/plan-facts.ts'
import {type Enforced, keyOf, type TokenCopy} from '../../domain/token/token-copy.ts'
import {assumed, judged} from '../../domain/token/token-copy-verdict.ts'
import {type Winner, winner} from '../../domain/token/token-copy-winner.ts'
import type {GatewayAddress} from '../../sources/live/gateway-proof.ts'
import {whichIsEnforced} from '../../sources/token/oracle.ts'
import {type CopiesRead, configCopyOf} from '../../sources/token/token-places.ts'
import {askedAddress} from '../known/asked-address.ts'
import type {Ground} from './plan-ground.ts'

const notAsked: Accepted = {answer: 'ours', because: null, copy: null}

const silent = /nothing listens|cannot be reached|no such name/

const acceptedBy = (enforced: Enforced, copies: readonly TokenCopy[], won: Winner): Accepted => {
  const {mark, because, acceptsAnything, by} = enforced
  if (acceptsAnything === true) return {answer: 'anything', because, copy: null}
  if (by !== 'oracle') return {answer: silent.test(because ?? '') ? 'no-answer' : 'not-ready', because, copy: null}
  const first = won.copy !== null && won.copy.mark === mark ? won.copy : null
  const copy = mark === null ? null : (first ?? copies.find(one => one.mark === mark) ?? null)
  if (copy === null) return {answer: 'none', because, copy: null}
  return {answer: first === null ? 'another' : 'ours', because, copy}
}

const asks: readonly GatewayFix[] = ['rotate', 'propagate', 'undo', 'clean-up']

const history = ['backup', 'audit-log', 'profile-config', 'remote-config', 'remote-host']

const candidates = ({copies, secrets}: CopiesRead, won: Winner) => {
  const live = copies.filter(({place}) => !history.includes(place))
  return [won.copy, configCopyOf(copies), ...live].flatMap(copy => (copy ? (secrets.get(keyOf(copy)) ?? []) : []))
}

type Asked = {accepted: Accepted; copies: readonly TokenCopy[]}

export const groundAddress = ({given, where, host, port}: Ground, {setup}: CopiesRead): GatewayAddress => ({
  ...askedAddress(given, where, setup),
  ...{host, port},
})

type Beside = {won: Winner; listener: ListenerVerdict}

/** Where it is not proven who listens, nothing is sent before a person has read the plan and confirmed it. */
export const askGateway = async (fix: GatewayFix, ground: Ground, read: CopiesRead, {won, listener}: Beside): Promise<Asked> => {
  if (!asks.includes(fix) || listener.is === 'unproven' || listener.is === 'foreign')
    return {accepted: {...notAsked, copy: won.copy}, copies: read.copies}
  const enforced = await whichIsEnforced({
    candidates: candidates(read, won),
    ...groundAddress(ground, read),
  })
  const around = {release: ground.release, setup: read.setup, shellEnv: ground.where.around.env}
  const copies = judged(read.copies, {...around, enforced: enforced.mark === null ? assumed(won) : enforced})
  return {accepted: acceptedBy(enforced, copies, winner(copies, ground.release, read.setup.authMode)), copies}
}
