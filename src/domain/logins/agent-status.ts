import type {AgentView, StoredCredential} from './agent-view.ts'
import {owned} from './credential.ts'
import {type LoginStatus, loginStateOf} from './login-state.ts'
import {isUnblocked, queueOf} from './order.ts'
import {isBroken, isUsable} from './profile.ts'
import type {ModelUse, ProfileReading} from './reading.ts'
import type {LoginRules} from './release-rules.ts'

/** How one agent fares, by our own judgement: 1 something it uses is broken, 2 it soon will be. */
export type AgentStatus = {
  exit: 0 | 1 | 2
  reasons: readonly string[]
  /** Providers of models that it uses, at which no login is stored. */
  withoutLogin: readonly string[]
  inUse: readonly StoredCredential[]
}

export const loginStatusIn = (view: AgentView, stored: StoredCredential, rules: LoginRules, now: number): LoginStatus =>
  loginStateOf(stored.credential, {
    now,
    rules,
    writtenAt: stored.rows.writtenAt,
    usage: owned(view.usage, stored.credential.profileId),
  })

type Evaluated = {stored: StoredCredential; status: LoginStatus}

/** The first that is sure to serve, else one that may, else one that waits for a block to end. */
const firstUsable = (evaluated: readonly Evaluated[], view: AgentView, use: ModelUse, now: number): Evaluated | undefined => {
  const usable = evaluated.filter(({status}) => isUsable(status.state))
  const open = usable.filter(({stored}) => isUnblocked(view, stored, use, now))
  return open.find(({status}) => status.state !== 'unverified') ?? open[0] ?? usable[0]
}

const fine: AgentStatus = {exit: 0, reasons: [], withoutLogin: [], inUse: []}

const statusOfChosen = ({stored, status}: Evaluated): AgentStatus => ({
  ...fine,
  exit: status.state === 'expiring' ? 2 : 0,
  reasons: status.state === 'expiring' ? [`${stored.credential.profileId} is expiring`] : [],
  inUse: [stored],
})

const statusForUse = (view: AgentView, reading: ProfileReading, rules: LoginRules, now: number, use: ModelUse): AgentStatus => {
  const {stored} = queueOf(view, reading.auth, use, now)
  const evaluated = stored.map(one => ({stored: one, status: loginStatusIn(view, one, rules, now)}))
  const chosen = firstUsable(evaluated, view, use, now)
  if (chosen) return statusOfChosen(chosen)
  if (reading.providersWithoutLogin.includes(use.provider)) return fine
  const broken = evaluated.filter(({status}) => isBroken(status.state))
  if (broken.length === 0)
    return {...fine, exit: 1, reasons: [`there is no login for ${use.provider}`], withoutLogin: [use.provider]}
  const reasons = broken.map(({stored: {credential}, status}) => `${credential.profileId} is ${status.state}`)
  return {...fine, exit: 1, reasons, inUse: broken.map(one => one.stored)}
}

const everyProvider = (view: AgentView): ModelUse[] =>
  Array.from(new Set(Array.from(view.stored.values(), ({credential}) => credential.provider)), provider => ({
    provider,
    model: null,
  }))

const noLogin: AgentStatus = {...fine, exit: 1, reasons: ['there is no login at all']}

/** A login counts where the agent's models would take it, or where nothing better is left. Of what could not be read nothing is said. */
export const agentStatusOf = (view: AgentView, reading: ProfileReading, rules: LoginRules, now: number): AgentStatus => {
  const uses = reading.knowsModels ? view.agent.models : everyProvider(view)
  if (!view.agent.isConfigured || !view.agent.isRead) return fine
  if (uses.length === 0 && reading.env.length === 0 && !reading.knowsModels) return noLogin
  const statuses = uses.map(use => statusForUse(view, reading, rules, now, use))
  const {exit} = statuses.find(one => one.exit === 1) ?? statuses.find(one => one.exit === 2) ?? fine
  const reasons = [...new Set(statuses.flatMap(one => (one.exit === exit ? one.reasons : [])))]
  const withoutLogin = [...new Set(statuses.flatMap(one => one.withoutLogin))]
  return {exit, reasons, withoutLogin, inUse: [...new Set(statuses.flatMap(({inUse}) => inUse))]}
}
