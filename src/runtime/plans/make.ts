import {isLoopbackName} from '../../domain/live/gateway-names.ts'
import {finishPlan, rollBackPlan} from '../../domain/plans/continue.ts'
import type {Facts, PreviousPlan} from '../../domain/plans/facts.ts'
import {plannedEntry} from '../../domain/plans/journal.ts'
import {planOf, type Refusal, withDoubt} from '../../domain/plans/make-plan.ts'
import type {GatewayFix, Plan, Target} from '../../domain/plans/plan.ts'
import {firstFailed} from '../../domain/plans/preconditions.ts'
import {listJournals} from '../../sources/plans/journals.ts'
import {clientsNow} from '../connected-clients.ts'
import {type GatewayContext, resolveContext} from '../context.ts'
import {createPlanContext, type PlanContext} from './context.ts'
import {factsOf} from './facts.ts'
import {devicePlanToUndo, makeDeviceUndo} from './make-device.ts'
import {withListener} from './make-renewal.ts'
import {planToUndo, restorablePlan} from './previous.ts'
import {gatewayKey} from './target.ts'
import {makeRenewalUndo, renewalToUndo} from './undo-renewal.ts'

const disturbs: readonly GatewayFix[] = ['rotate', 'put-back', 'restart', 'propagate', 'undo']

/** The connections of this machine tell of a gateway on it, not of one elsewhere. */
const connectedTo = async (fix: GatewayFix, {context, host, port}: PlanContext): Promise<string[]> =>
  disturbs.includes(fix) ? clientsNow(context, isLoopbackName(host) ? port : null) : []

export type Made = {made: Plan | Refusal}

/** The last thing done may have been a renewal or a change of a device, each of which is taken back in its own way. */
const undoneElsewhere = async (planContext: PlanContext, id: string | null): Promise<Plan | Refusal | null> => {
  const {places, context} = planContext
  const key = gatewayKey(context.configFile)
  const renewal = renewalToUndo(places, key, id)
  const device = devicePlanToUndo(places, key, id)
  const found = [renewal?.id, device?.id, planToUndo(places, key, id)?.id]
  const newest = listJournals(places).find(record => found.includes(record.id))
  if (newest === undefined) return null
  if (newest.id === renewal?.id) return withListener(await makeRenewalUndo(renewal, planContext), planContext)
  return newest.id === device?.id ? makeDeviceUndo(device, planContext) : null
}

/** `undo`, `backup`: the plan to undo and the file to put back from, where one is named. `clients`: who is connected, where a screen shows it already. */
type PlanRequest = {undo?: string | null; backup?: string | null; clients?: readonly string[]}

/** A plan for this fix, or why there is none. */
export const makePlan = async (fix: GatewayFix, context: GatewayContext, request: PlanRequest = {}): Promise<Made> => {
  const {undo: requestedPlan = null, backup = null, clients = null} = request
  const planContext = await createPlanContext(context)
  const elsewhere = fix === 'undo' ? await undoneElsewhere(planContext, requestedPlan) : null
  if (elsewhere) return {made: elsewhere}
  const broken = fix === 'undo' ? restorablePlan(planContext.places, gatewayKey(planContext.context.configFile)) : null
  const left = broken && plannedEntry(broken.record.entries)?.plan
  if (broken && left) return makeContinuation(context, left.gateway, broken.previous, 'roll-back')
  const [gathered, connected] = await Promise.all([
    factsOf(fix, planContext, Date.now(), backup),
    clients ?? connectedTo(fix, planContext),
  ])
  const previous = fix === 'undo' ? planToUndo(planContext.places, gathered.target.key, requestedPlan) : null
  const facts: Facts = {...gathered, clients: connected, previous, requestedPlan}
  return {made: planOf(fix, facts)}
}

/** The gateway of an earlier plan, whatever is meant here and now. */
const contextOf = ({configFile, stateDir, profile, host, port, tls}: Target, {options}: GatewayContext): GatewayContext => {
  const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  return resolveContext({...options, configFile, stateDir, profile: profile ?? options.profile, url})
}

/** Journals of the first version name no state folder: their commands would speak to the default gateway. */
const isBound = ({env}: Target): boolean => env['OPENCLAW_STATE_DIR'] !== undefined && env['OPENCLAW_CONFIG_PATH'] !== undefined

const boundNow = ({env, way, restart}: Target): Pick<Target, 'env' | 'way' | 'restart'> => ({env, way, restart})

/** The plan that brings another to its end, or takes it back; on the gateway of that one, by the ways it had. */
export const makeContinuation = async (
  context: GatewayContext,
  gateway: Target,
  previous: PreviousPlan,
  how: 'finish' | 'roll-back',
): Promise<Made> => {
  const planContext = await createPlanContext(contextOf(gateway, context))
  const now = await factsOf(how === 'finish' ? 'rotate' : 'undo', planContext, Date.now())
  const target = isBound(gateway) ? gateway : {...gateway, ...boundNow(now.target)}
  const facts = {...now, target: {...target, unproven: now.target.unproven ?? null}}
  const refusal = firstFailed(
    facts,
    previous.token?.now === 'broken' ? ['free', 'proven', 'one-gateway'] : ['free', 'config', 'here', 'proven', 'one-gateway'],
  )
  return {made: refusal ?? withDoubt(how === 'finish' ? finishPlan(facts, previous) : rollBackPlan(facts, previous))}
}
