import {renewalPlan} from '../../domain/logins/renewal-plan.ts'
import {isRefusal, type Refusal, withDoubt} from '../../domain/plans/fix.ts'
import {refuseForeign} from '../../domain/plans/fixes-needs.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import type {Given} from '../flags.ts'
import {askedAddress} from '../known/asked-address.ts'
import {type Ground, groundOf} from './plan-ground.ts'
import {type RenewalWanted, renewalFacts} from './renew-facts.ts'

/** The command that saves a login tells the running gateway, and signs in to it for that. */
export const withListener = async (made: Plan | Refusal, {given, where}: Ground): Promise<Plan | Refusal> => {
  if (isRefusal(made)) return made
  const {host, port} = made.gateway
  const {hasTls, certPath} = where.config
  const address = {...askedAddress(given, where, {tls: hasTls, certPath}), host, port}
  const {verdict} = await proveGateway(address)
  const unproven = verdict.is === 'unproven' ? verdict.because : null
  return refuseForeign(verdict) ?? withDoubt({...made, gateway: {...made.gateway, tls: address.tls ?? null, unproven}})
}

/** The plan for one login, or why there is none. */
export const makeRenewal = async (wanted: RenewalWanted, given: Given): Promise<Plan | Refusal> => {
  const ground = await groundOf(given)
  const facts = await renewalFacts(ground, wanted, Date.now())
  return 'refused' in facts ? facts : withListener(renewalPlan(facts), ground)
}
