import {type ListenerVerdict, whyNotSent} from '../../domain/live/listener.ts'
import {isRefusal, type Refusal, withDoubt} from '../../domain/plans/make-plan.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {refuseForeign} from '../../domain/plans/preconditions.ts'
import {renewalPlan} from '../../domain/plans/renewal/plan.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import {askedAddress} from '../asked-address.ts'
import type {GatewayContext} from '../context.ts'
import {createPlanContext, type PlanContext} from './context.ts'
import {type RenewalOptions, renewalFacts} from './renewal-facts.ts'

const silent: readonly ListenerVerdict['is'][] = ['none', 'not-ready']

/** A command of the plan signs in to the running gateway. `mustAnswer`: without one it could do nothing. */
export const withListener = async (
  made: Plan | Refusal,
  {context}: PlanContext,
  {mustAnswer = false} = {},
): Promise<Plan | Refusal> => {
  if (isRefusal(made)) return made
  const {host, port} = made.gateway
  const {hasTls, certPath} = context.config
  const address = {...askedAddress(context, {tls: hasTls, certPath}), host, port}
  const {verdict} = await proveGateway(address)
  if (mustAnswer && silent.includes(verdict.is))
    return {
      refused: {
        title: `No gateway answers on ${host}:${port}`,
        because: whyNotSent(verdict),
        tryThis: 'start it, or name it with --url',
        from: 'gateway',
      },
      unknown: true,
    }
  const unproven = verdict.is === 'unproven' ? verdict.because : null
  return refuseForeign(verdict) ?? withDoubt({...made, gateway: {...made.gateway, tls: address.tls ?? null, unproven}})
}

/** The plan for one login, or why there is none. */
export const makeRenewal = async (options: RenewalOptions, context: GatewayContext): Promise<Plan | Refusal> => {
  const planContext = await createPlanContext(context)
  const facts = await renewalFacts(planContext, options, Date.now())
  return 'refused' in facts ? facts : withListener(renewalPlan(facts), planContext)
}
