import type {Args} from '../../cli/options.ts'
import {isLoopbackName} from '../../domain/live/gateway-names.ts'
import {finishPlan, rollBackPlan} from '../../domain/plans/continue.ts'
import type {Facts, PreviousPlan} from '../../domain/plans/facts.ts'
import {plannedEntry} from '../../domain/plans/journal.ts'
import {planOf, type Refusal, withDoubt} from '../../domain/plans/make-plan.ts'
import type {GatewayFix, Plan, Target} from '../../domain/plans/plan.ts'
import {firstFailed} from '../../domain/plans/preconditions.ts'
import {listJournals} from '../../sources/plans/journals.ts'
import {clientsNow} from '../connected-clients.ts'
import {createPlanContext, type PlanContext} from './context.ts'
import {factsOf} from './facts.ts'
import {withListener} from './make-renewal.ts'
import {planToUndo, restorablePlan} from './previous.ts'
import {gatewayKey} from './target.ts'
import {makeRenewalUndo, renewalToUndo} from './undo-renewal.ts'

const disturbs: readonly GatewayFix[] = ['rotate', 'restart', 'propagate', 'undo']

/** The connections of this machine tell of a gateway on it, not of one elsewhere. */
const connectedTo = async (fix: GatewayFix, args: Args, {host, port}: PlanContext): Promise<string[]> =>
  disturbs.includes(fix) ? clientsNow(args, isLoopbackName(host) ? port : null) : []

export type Made = {made: Plan | Refusal}

/** The last thing done may have been a renewal, which is taken back on its own track. */
const undoneRenewal = async (planContext: PlanContext): Promise<Plan | Refusal | null> => {
  const [key, id] = [gatewayKey(planContext.context.configFile), planContext.args.positionals[1] ?? null]
  const renewal = renewalToUndo(planContext.places, key, id)
  const previous = planToUndo(planContext.places, key, id)
  if (renewal === null) return null
  const newest = listJournals(planContext.places).find(record => record.id === renewal.id || record.id === previous?.id)
  return newest?.id === renewal.id ? withListener(await makeRenewalUndo(renewal, planContext), planContext) : null
}

/** A plan for this fix, or why there is none. `clients` are known already where a screen asks. */
export const makePlan = async (fix: GatewayFix, args: Args, clients: readonly string[] | null = null): Promise<Made> => {
  const planContext = await createPlanContext(args)
  const renewal = fix === 'undo' ? await undoneRenewal(planContext) : null
  if (renewal) return {made: renewal}
  const broken = fix === 'undo' ? restorablePlan(planContext.places, gatewayKey(planContext.context.configFile)) : null
  const left = broken && plannedEntry(broken.record.entries)?.plan
  if (broken && left) return makeContinuation(args, left.gateway, broken.previous, 'roll-back')
  const [gathered, connected] = await Promise.all([
    factsOf(fix, planContext, Date.now()),
    clients ?? connectedTo(fix, args, planContext),
  ])
  const wantedPast = fix === 'undo' ? (args.positionals[1] ?? null) : null
  const previous = fix === 'undo' ? planToUndo(planContext.places, gathered.target.key, wantedPast) : null
  const facts: Facts = {...gathered, clients: connected, previous: previous, wantedPast}
  return {made: planOf(fix, facts)}
}

/** The flags that lead to the gateway of an earlier plan, whatever is meant here and now. */
const leadingTo = ({configFile, stateDir, profile, host, port, tls}: Target, args: Args): Args => {
  const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const led: Readonly<Record<string, string | null>> = {config: configFile, 'state-dir': stateDir, profile, url}
  return {...args, value: flag => led[flag] ?? args.value(flag)}
}

/** Journals of the first version name no state folder: their commands would speak to the default gateway. */
const isBound = ({env}: Target): boolean => env['OPENCLAW_STATE_DIR'] !== undefined && env['OPENCLAW_CONFIG_PATH'] !== undefined

const boundNow = ({env, way, restart}: Target): Pick<Target, 'env' | 'way' | 'restart'> => ({env, way, restart})

/** The plan that brings another to its end, or takes it back; on the gateway of that one, by the ways it had. */
export const makeContinuation = async (
  args: Args,
  gateway: Target,
  previous: PreviousPlan,
  how: 'finish' | 'roll-back',
): Promise<Made> => {
  const planContext = await createPlanContext(leadingTo(gateway, args))
  const now = await factsOf(how === 'finish' ? 'rotate' : 'undo', planContext, Date.now())
  const target = isBound(gateway) ? gateway : {...gateway, ...boundNow(now.target)}
  const facts = {...now, target: {...target, unproven: now.target.unproven ?? null}}
  const refusal = firstFailed(
    facts,
    previous.token?.now === 'broken' ? ['free', 'proven', 'one-gateway'] : ['free', 'config', 'here', 'proven', 'one-gateway'],
  )
  return {made: refusal ?? withDoubt(how === 'finish' ? finishPlan(facts, previous) : rollBackPlan(facts, previous))}
}
