import {type Credential, owned, type StoreRows, type Usage} from './credential.ts'
import {isRecognized} from './openclaw-status.ts'
import type {AgentFacts, ProfileReading} from './reading.ts'
import type {LoginRules} from './release-rules.ts'

export type StoredCredential = {credential: Credential; rows: StoreRows; isShared: boolean}

/** What one agent works with: the shared store, its own laid over it row by row. */
export type AgentView = {
  agent: AgentFacts
  stored: ReadonlyMap<string, StoredCredential>
  order: Readonly<Record<string, readonly string[]>>
  usage: Readonly<Record<string, Usage>>
}

const storedCredentials = (rows: StoreRows | null, isShared: boolean, rules: LoginRules): [string, StoredCredential][] =>
  rows === null
    ? []
    : rows.credentials
        .filter(credential => isRecognized(credential, rules))
        .map(credential => [credential.profileId, {credential, rows, isShared}])

const idsOf = (rows: StoreRows, provider: string): string[] =>
  rows.credentials.filter(credential => credential.provider === provider).map(({profileId}) => profileId)

/** Its own profiles come before an inherited order, unless it has an order of its own. */
const ordersOf = (shared: StoreRows | null, own: StoreRows | null): Record<string, readonly string[]> => {
  const orders: Record<string, readonly string[]> = {...shared?.order, ...own?.order}
  if (!own) return orders
  for (const [provider, inherited] of Object.entries(shared?.order ?? {})) {
    if (owned(own.order, provider) === undefined) orders[provider] = [...new Set([...idsOf(own, provider), ...inherited])]
  }
  return orders
}

const hasCliStatus = ({cliStatuses}: ProfileReading, {id}: AgentFacts): boolean => cliStatuses.some(({agent}) => agent === id)

export const agentViewOf = (reading: ProfileReading, agent: AgentFacts, rules: LoginRules): AgentView => {
  const shared = hasCliStatus(reading, agent) ? null : (reading.shared?.rows ?? null)
  return {
    agent,
    stored: new Map([...storedCredentials(shared, true, rules), ...storedCredentials(agent.own, false, rules)]),
    order: ordersOf(shared, agent.own),
    usage: {...shared?.usage, ...agent.own?.usage},
  }
}
