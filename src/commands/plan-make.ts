import {nameOf} from '../app/client-rows.ts'
import {addressOf} from '../domain/attempt.ts'
import {planOf, type Refusal} from '../domain/fix.ts'
import {finishPlan, rollBackPlan} from '../domain/fixes-continue.ts'
import {firstUnmet} from '../domain/fixes-needs.ts'
import type {GatewayFix, Plan, Target} from '../domain/plan.ts'
import type {Facts, Past} from '../domain/plan-facts.ts'
import type {World} from '../domain/world.ts'
import type {Given} from './flags.ts'
import {lookOnce} from './known.ts'
import {factsOf} from './plan-facts.ts'
import {type Ground, groundOf} from './plan-ground.ts'
import {pastToUndo} from './plan-past.ts'
import {gatewayKey} from './plan-target.ts'
import {makeRenewalUndo, renewalToUndo} from './renew-undo.ts'

const dayMs = 86_400_000

/** Who is in now, as far as the log tells. */
const clientsIn = (world: World): string[] =>
  Array.from(world.clients.values())
    .filter(({open}) => open.size > 0)
    .map(client => [nameOf(client), addressOf(client)].filter(Boolean).join(' from '))

const disturbs: readonly GatewayFix[] = ['rotate', 'restart', 'undo']

/** Who is cut off is worth knowing; that the log cannot be read is no reason to keep an old token. */
const clientsNow = async (fix: GatewayFix, given: Given): Promise<string[]> => {
  if (!disturbs.includes(fix)) return []
  try {
    return clientsIn((await lookOnce(given, dayMs)).world)
  } catch {
    return ['the log could not be read, so nobody knows who']
  }
}

export type Made = {made: Plan | Refusal}

/** The last thing done may have been a renewal, which is taken back on its own track. */
const undoneRenewal = async (ground: Ground): Promise<Plan | Refusal | null> => {
  const [key, id] = [gatewayKey(ground.where.configFile), ground.given.words[1] ?? null]
  const renewal = renewalToUndo(ground.places, key, id)
  const past = pastToUndo(ground.places, key, id)
  return renewal === null || (past !== null && past.id > renewal.id) ? null : makeRenewalUndo(renewal, ground)
}

/** A plan for this fix, or why there is none. `clients` are known already where a screen asks. */
export const makePlan = async (fix: GatewayFix, given: Given, clients: readonly string[] | null = null): Promise<Made> => {
  const ground = await groundOf(given)
  const renewal = fix === 'undo' ? await undoneRenewal(ground) : null
  if (renewal) return {made: renewal}
  const [gathered, connected] = await Promise.all([factsOf(fix, ground, Date.now()), clients ?? clientsNow(fix, given)])
  const past = fix === 'undo' ? pastToUndo(ground.places, gathered.target.key, given.words[1] ?? null) : null
  const facts: Facts = {...gathered, clients: connected, past}
  return {made: planOf(fix, facts)}
}

/** The flags that lead to the gateway of an earlier plan, whatever is meant here and now. */
const leadingTo = ({configFile, stateDir, profile, host, port, tls}: Target, given: Given): Given => {
  const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const led: Readonly<Record<string, string | null>> = {config: configFile, 'state-dir': stateDir, profile, url}
  return {...given, text: flag => led[flag] ?? given.text(flag)}
}

/** The plan that brings another to its end, or takes it back; on the gateway of that one, by the ways it had. */
export const makeContinuation = async (given: Given, gateway: Target, past: Past, how: 'finish' | 'roll-back'): Promise<Made> => {
  const ground = await groundOf(leadingTo(gateway, given))
  const facts = {...(await factsOf(how === 'finish' ? 'rotate' : 'undo', ground, Date.now())), target: gateway}
  const refusal = firstUnmet(facts, ['free', 'config', 'here'])
  return {made: refusal ?? (how === 'finish' ? finishPlan(facts, past) : rollBackPlan(facts, past))}
}
