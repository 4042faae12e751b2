import {owned} from './credential.ts'
import {isOpen, queueOf} from './credential-order.ts'
import {isBroken, isUsable} from './credential-profile.ts'
import type {ModelUse, ProfileReading} from './credential-reading.ts'
import type {Rules} from './credential-rules.ts'
import {type Judged, stateOf} from './credential-state.ts'
import type {Held, View} from './credential-view.ts'

/** How one agent fares, by our own judgement: 1 something it uses is broken, 2 it soon will be. */
export type Fare = {exit: 0 | 1 | 2; reasons: readonly string[]; inUse: readonly Held[]}

export const judgedIn = (view: View, held: Held, rules: Rules, now: number): Judged =>
  stateOf(held.credential, {now, rules, writtenAt: held.rows.writtenAt, usage: owned(view.usage, held.credential.profileId)})

type Known = {held: Held; judged: Judged}

/** The first that is sure to serve, else one that may, else one that waits for a block to end. */
const firstUsable = (known: readonly Known[], view: View, use: ModelUse, now: number): Known | undefined => {
  const usable = known.filter(({judged}) => isUsable(judged.state))
  const open = usable.filter(({held}) => isOpen(view, held, use, now))
  return open.find(({judged}) => judged.state !== 'unverified') ?? open[0] ?? usable[0]
}

const fine: Fare = {exit: 0, reasons: [], inUse: []}

const ofChosen = ({held, judged}: Known): Fare => ({
  exit: judged.state === 'expiring' ? 2 : 0,
  reasons: judged.state === 'expiring' ? [`${held.credential.profileId} is expiring`] : [],
  inUse: [held],
})

const ofUse = (view: View, reading: ProfileReading, rules: Rules, now: number, use: ModelUse): Fare => {
  const {held} = queueOf(view, reading.auth, use, now)
  const known = held.map(one => ({held: one, judged: judgedIn(view, one, rules, now)}))
  const chosen = firstUsable(known, view, use, now)
  if (chosen) return ofChosen(chosen)
  if (reading.otherwise.includes(use.provider)) return fine
  const broken = known.filter(({judged}) => isBroken(judged.state))
  if (broken.length === 0) return {exit: 1, reasons: [`there is no login for ${use.provider}`], inUse: []}
  const reasons = broken.map(({held: {credential}, judged}) => `${credential.profileId} is ${judged.state}`)
  return {exit: 1, reasons, inUse: broken.map(one => one.held)}
}

const everyProvider = (view: View): ModelUse[] =>
  Array.from(new Set(Array.from(view.held.values(), ({credential}) => credential.provider)), provider => ({
    provider,
    model: null,
  }))

const nothingAtAll: Fare = {exit: 1, reasons: ['there is no login at all'], inUse: []}

/** A login counts where the agent's models would take it, or where nothing better is left. Of what could not be read nothing is said. */
export const fareOf = (view: View, reading: ProfileReading, rules: Rules, now: number): Fare => {
  const uses = reading.knowsModels ? view.agent.models : everyProvider(view)
  if (!view.agent.isConfigured || !view.agent.isRead) return fine
  if (uses.length === 0 && reading.env.length === 0 && !reading.knowsModels) return nothingAtAll
  const fares = uses.map(use => ofUse(view, reading, rules, now, use))
  const {exit} = fares.find(one => one.exit === 1) ?? fares.find(one => one.exit === 2) ?? fine
  const reasons = [...new Set(fares.flatMap(one => (one.exit === exit ? one.reasons : [])))]
  return {exit, reasons, inUse: [...new Set(fares.flatMap(({inUse}) => inUse))]}
}
