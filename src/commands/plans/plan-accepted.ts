import type {GatewayFix} from '../../domain/plans/plan.ts'
import type {Accepted} from '../../domain/plans/plan-facts.ts'
import {type Enforced, keyOf, type TokenCopy} from '../../domain/token/token-copy.ts'
import {assumed, judged} from '../../domain/token/token-copy-verdict.ts'
import {type Winner, winner} from '../../domain/token/token-copy-winner.ts'
import {whichIsEnforced} from '../../sources/token/oracle.ts'
import {type CopiesRead, configCopyOf} from '../../sources/token/token-places.ts'
import {tlsOf} from '../known/gateway-tls.ts'
import {version} from '../version.ts'
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

export const askGateway = async (fix: GatewayFix, ground: Ground, read: CopiesRead, won: Winner): Promise<Asked> => {
  if (!asks.includes(fix)) return {accepted: {...notAsked, copy: won.copy}, copies: read.copies}
  const enforced = await whichIsEnforced({
    candidates: candidates(read, won),
    host: ground.host,
    port: ground.port,
    tls: tlsOf(ground.given, ground.where, read.setup),
    agent: `gatecrab/${version}`,
  })
  const around = {release: ground.release, setup: read.setup, shellEnv: ground.where.around.env}
  const copies = judged(read.copies, {...around, enforced: enforced.mark === null ? assumed(won) : enforced})
  return {accepted: acceptedBy(enforced, copies, winner(copies, ground.release)), copies}
}
