import {type Client, type ClientState, stateOf, type Tally} from '../attempts/client.ts'
import {everyClient} from '../attempts/clients.ts'
import type {LineRef} from '../attempts/event.ts'
import {hourMs, minuteMs} from '../durations.ts'
import type {World} from '../world/world.ts'

export const recentlyMs = 10 * minuteMs
export const latelyMs = hourMs

/** A client, and one reason for which it is turned away now. */
export type TurnedAway = {client: Client; tally: Tally}

/** What clients in these states are turned away for, but what was to be expected and what they got over since. */
export const turnedAway = (
  {world, now}: {world: World; now: number},
  states: readonly ClientState[] = ['storm', 'stuck'],
): TurnedAway[] =>
  everyClient(world.clients).flatMap(client => {
    if (!states.includes(stateOf(client, now))) return []
    return Array.from(client.tallies.values())
      .filter(tally => !tally.last.expected && now - tally.lastAt < recentlyMs && tally.lastAt > (client.admittedAt ?? 0))
      .map(tally => ({client, tally}))
  })

export const mostEvidence = 5

export const evidenceOf = (found: readonly TurnedAway[]): LineRef[] =>
  found.flatMap(({tally}) => tally.evidence.slice(-2)).slice(0, mostEvidence)

/** When the first of these began, never an earlier attempt of the same client for another reason. */
export const beginOf = (found: readonly TurnedAway[]): number => Math.min(...found.map(({tally}) => tally.run.since))

export const attemptsOf = (found: readonly TurnedAway[]): number => found.reduce((sum, {tally}) => sum + tally.run.count, 0)
