import {type Credential, owned, type StoreRows, type Usage} from './credential.ts'
import type {AgentFacts, ProfileReading} from './credential-reading.ts'
import type {Rules} from './credential-rules.ts'
import {isRead} from './credential-says.ts'

export type Held = {credential: Credential; rows: StoreRows; isShared: boolean}

/** What one agent works with: the shared store, its own laid over it row by row. */
export type View = {
  agent: AgentFacts
  held: ReadonlyMap<string, Held>
  order: Readonly<Record<string, readonly string[]>>
  usage: Readonly<Record<string, Usage>>
}

const heldOf = (rows: StoreRows | null, isShared: boolean, rules: Rules): [string, Held][] =>
  rows === null
    ? []
    : rows.credentials
        .filter(credential => isRead(credential, rules))
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

const isTold = ({told}: ProfileReading, {id}: AgentFacts): boolean => told.some(({agent}) => agent === id)

export const viewOf = (reading: ProfileReading, agent: AgentFacts, rules: Rules): View => {
  const shared = isTold(reading, agent) ? null : (reading.shared?.rows ?? null)
  return {
    agent,
    held: new Map([...heldOf(shared, true, rules), ...heldOf(agent.own, false, rules)]),
    order: ordersOf(shared, agent.own),
    usage: {...shared?.usage, ...agent.own?.usage},
  }
}
