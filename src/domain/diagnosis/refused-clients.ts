import {type Client, type ClientState, clientStateOf, type Tally} from '../attempts/client.ts'
import {everyClient} from '../attempts/clients.ts'
import type {LineRef} from '../attempts/event.ts'
import {countRecentlyDropped, isUnnamed} from '../attempts/eviction-policy.ts'
import {hourMs, minuteMs} from '../durations.ts'
import type {LiveNow} from '../live/live-state.ts'
import {lastConnectedAt, matchClients} from '../live/match-clients.ts'
import type {World} from '../world/world.ts'

export const recentlyMs = 10 * minuteMs
export const recentMs = hourMs

/** A client, and one reason for which it is refused now. */
export type RefusedClient = {client: Client; tally: Tally}

type LiveInputs = {world: World; now: number; live?: LiveNow | null}

/** When each client last got in: by its log, by the gateway's own list, or by the system's connections. */
const admittedBy = ({world, live = null}: LiveInputs): ((client: Client) => number) => {
  const clientGroups = live && matchClients(everyClient(world.clients), live)
  return ({key, admittedAt}) => Math.max(admittedAt ?? 0, lastConnectedAt(clientGroups?.of.get(key) ?? []) ?? 0)
}

/** What clients in these states are refused for, but what was to be expected and what they got over since. */
export const refusedClients = (counted: LiveInputs, states: readonly ClientState[] = ['storm', 'stuck']): RefusedClient[] => {
  const {world, now} = counted
  const admitted = admittedBy(counted)
  return everyClient(world.clients).flatMap(client => {
    if (!states.includes(clientStateOf(client, now))) return []
    return Array.from(client.tallies.values())
      .filter(tally => !tally.last.expected && now - tally.lastAt < recentlyMs && tally.lastAt > admitted(client))
      .map(tally => ({client, tally}))
  })
}

/** Never refused: a client that only opens and closes connections is not a problem. */
export const onlyLeft = ({client, tally}: RefusedClient): boolean => isUnnamed(client) && tally.last.outcome === 'left'

/** Clients that are refused now, with those that were dropped for want of room. */
export const countTurnedAway = (counted: LiveInputs, refusals = refusedClients(counted)): number => {
  const {world, now} = counted
  const remaining = refusals.filter(one => !onlyLeft(one))
  return new Set(remaining.map(({client}) => client)).size + countRecentlyDropped(world.clients.dropped, now)
}

export const maxEvidence = 5

export const evidenceOf = (found: readonly RefusedClient[]): LineRef[] =>
  found.flatMap(({tally}) => tally.evidence.slice(-2)).slice(0, maxEvidence)

/** When the first of these began, never an earlier attempt of the same client for another reason. */
export const beginOf = (found: readonly RefusedClient[]): number => Math.min(...found.map(({tally}) => tally.run.since))

export const attemptsOf = (found: readonly RefusedClient[]): number => found.reduce((sum, {tally}) => sum + tally.run.count, 0)
