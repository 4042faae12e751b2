import {renewalPlan} from '../../domain/logins/renewal-plan.ts'
import type {Refusal} from '../../domain/plans/fix.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {Given} from '../flags.ts'
import {groundOf} from './plan-ground.ts'
import {type RenewalWanted, renewalFacts} from './renew-facts.ts'

/** The plan for one login, or why there is none. */
export const makeRenewal = async (wanted: RenewalWanted, given: Given): Promise<Plan | Refusal> => {
  const facts = await renewalFacts(await groundOf(given), wanted, Date.now())
  return 'refused' in facts ? facts : renewalPlan(facts)
}
