import {type Client, type ClientState, stateOf, type Tally} from '../attempts/client.ts'
import {everyClient} from '../attempts/clients.ts'
import type {LineRef} from '../attempts/event.ts'
import {countDroppedLately, isUnnamed} from '../attempts/eviction.ts'
import {hourMs, minuteMs} from '../durations.ts'
import type {LiveNow} from '../live/live-now.ts'
import {lastIn, seated} from '../live/seats.ts'
import type {World} from '../world/world.ts'

export const recentlyMs = 10 * minuteMs
export const latelyMs = hourMs

/** A client, and one reason for which it is turned away now. */
export type TurnedAway = {client: Client; tally: Tally}

type Known = {world: World; now: number; live?: LiveNow | null}

/** When each client last got in: by its log, by the gateway's own list, or by the system's connections. */
const admittedBy = ({world, live = null}: Known): ((client: Client) => number) => {
  const seats = live && seated(everyClient(world.clients), live)
  return ({key, admittedAt}) => Math.max(admittedAt ?? 0, lastIn(seats?.of.get(key) ?? []) ?? 0)
}

/** What clients in these states are turned away for, but what was to be expected and what they got over since. */
export const turnedAway = (known: Known, states: readonly ClientState[] = ['storm', 'stuck']): TurnedAway[] => {
  const {world, now} = known
  const admitted = admittedBy(known)
  return everyClient(world.clients).flatMap(client => {
    if (!states.includes(stateOf(client, now))) return []
    return Array.from(client.tallies.values())
      .filter(tally => !tally.last.expected && now - tally.lastAt < recentlyMs && tally.lastAt > admitted(client))
      .map(tally => ({client, tally}))
  })
}

/** Of these the gateway refused none: whoever reaches the port may come and go without a word as often as they like. */
export const onlyLeft = ({client, tally}: TurnedAway): boolean => isUnnamed(client) && tally.last.outcome === 'left'

/** Clients that are turned away now, with those that were dropped for want of room. */
export const countTurnedAway = (known: Known): number => {
  const kept = turnedAway(known).filter(one => !onlyLeft(one))
  return new Set(kept.map(({client}) => client)).size + countDroppedLately(known.world.clients.dropped, known.now)
}

export const mostEvidence = 5

export const evidenceOf = (found: readonly TurnedAway[]): LineRef[] =>
  found.flatMap(({tally}) => tally.evidence.slice(-2)).slice(0, mostEvidence)

/** When the first of these began, never an earlier attempt of the same client for another reason. */
export const beginOf = (found: readonly TurnedAway[]): number => Math.min(...found.map(({tally}) => tally.run.since))

export const attemptsOf = (found: readonly TurnedAway[]): number => found.reduce((sum, {tally}) => sum + tally.run.count, 0)
