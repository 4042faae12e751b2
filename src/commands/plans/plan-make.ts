import {isLoopbackName} from '../../domain/live/gateway-names.ts'
import {planOf, type Refusal, withDoubt} from '../../domain/plans/fix.ts'
import {finishPlan, rollBackPlan} from '../../domain/plans/fixes-continue.ts'
import {firstUnmet} from '../../domain/plans/fixes-needs.ts'
import {plannedIn} from '../../domain/plans/journal.ts'
import type {GatewayFix, Plan, Target} from '../../domain/plans/plan.ts'
import type {Facts, Past} from '../../domain/plans/plan-facts.ts'
import {listJournals} from '../../sources/plans/journals.ts'
import type {Given} from '../flags.ts'
import {clientsNow} from '../known/clients-now.ts'
import {factsOf} from './plan-facts.ts'
import {type Ground, groundOf} from './plan-ground.ts'
import {pastToUndo, restorablePlan} from './plan-past.ts'
import {gatewayKey} from './plan-target.ts'
import {withListener} from './renew-make.ts'
import {makeRenewalUndo, renewalToUndo} from './renew-undo.ts'

const disturbs: readonly GatewayFix[] = ['rotate', 'restart', 'propagate', 'undo']

/** The connections of this machine tell of a gateway on it, not of one elsewhere. */
const connectedTo = async (fix: GatewayFix, given: Given, {host, port}: Ground): Promise<string[]> =>
  disturbs.includes(fix) ? clientsNow(given, isLoopbackName(host) ? port : null) : []

export type Made = {made: Plan | Refusal}

/** The last thing done may have been a renewal, which is taken back on its own track. */
const undoneRenewal = async (ground: Ground): Promise<Plan | Refusal | null> => {
  const [key, id] = [gatewayKey(ground.where.configFile), ground.given.words[1] ?? null]
  const renewal = renewalToUndo(ground.places, key, id)
  const past = pastToUndo(ground.places, key, id)
  if (renewal === null) return null
  const newest = listJournals(ground.places).find(kept => kept.id === renewal.id || kept.id === past?.id)
  return newest?.id === renewal.id ? withListener(await makeRenewalUndo(renewal, ground), ground) : null
}

/** A plan for this fix, or why there is none. `clients` are known already where a screen asks. */
export const makePlan = async (fix: GatewayFix, given: Given, clients: readonly string[] | null = null): Promise<Made> => {
  const ground = await groundOf(given)
  const renewal = fix === 'undo' ? await undoneRenewal(ground) : null
  if (renewal) return {made: renewal}
  const broken = fix === 'undo' ? restorablePlan(ground.places, gatewayKey(ground.where.configFile)) : null
  const left = broken && plannedIn(broken.kept.entries)?.plan
  if (broken && left) return makeContinuation(given, left.gateway, broken.past, 'roll-back')
  const [gathered, connected] = await Promise.all([factsOf(fix, ground, Date.now()), clients ?? connectedTo(fix, given, ground)])
  const wantedPast = fix === 'undo' ? (given.words[1] ?? null) : null
  const past = fix === 'undo' ? pastToUndo(ground.places, gathered.target.key, wantedPast) : null
  const facts: Facts = {...gathered, clients: connected, past, wantedPast}
  return {made: planOf(fix, facts)}
}

/** The flags that lead to the gateway of an earlier plan, whatever is meant here and now. */
const leadingTo = ({configFile, stateDir, profile, host, port, tls}: Target, given: Given): Given => {
  const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const led: Readonly<Record<string, string | null>> = {config: configFile, 'state-dir': stateDir, profile, url}
  return {...given, text: flag => led[flag] ?? given.text(flag)}
}

/** Journals of the first version name no state folder: their commands would speak to the default gateway. */
const isBound = ({env}: Target): boolean => env['OPENCLAW_STATE_DIR'] !== undefined && env['OPENCLAW_CONFIG_PATH'] !== undefined

const boundNow = ({env, way, restart}: Target): Pick<Target, 'env' | 'way' | 'restart'> => ({env, way, restart})

/** The plan that brings another to its end, or takes it back; on the gateway of that one, by the ways it had. */
export const makeContinuation = async (given: Given, gateway: Target, past: Past, how: 'finish' | 'roll-back'): Promise<Made> => {
  const ground = await groundOf(leadingTo(gateway, given))
  const now = await factsOf(how === 'finish' ? 'rotate' : 'undo', ground, Date.now())
  const target = isBound(gateway) ? gateway : {...gateway, ...boundNow(now.target)}
  const facts = {...now, target: {...target, unproven: now.target.unproven ?? null}}
  const refusal = firstUnmet(
    facts,
    past.token?.now === 'broken' ? ['free', 'proven', 'one-gateway'] : ['free', 'config', 'here', 'proven', 'one-gateway'],
  )
  return {made: refusal ?? withDoubt(how === 'finish' ? finishPlan(facts, past) : rollBackPlan(facts, past))}
}
