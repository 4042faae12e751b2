import {type Attempt, isUnidentifiedLeaver} from '../attempts/attempt.ts'
import type {AttemptChange} from '../attempts/attempts.ts'
import {type Client, countSettled, recordEnded, reopenConnection} from '../attempts/client.ts'
import {findOrAddClient} from '../attempts/clients.ts'
import type {LineRef, LogEvent} from '../attempts/event.ts'
import {expectedOf} from '../attempts/expected.ts'
import {recordGuess} from '../attempts/lockout.ts'
import {countAt} from '../attempts/minutes.ts'
import {stormOf} from '../attempts/storm.ts'
import {countAttempt} from '../ledger.ts'
import {isByUntrusted, stormTimelineEvent} from '../timeline/timeline.ts'
import {portOf} from './ports.ts'
import {pushBounded, type World} from './world.ts'

const stormLook = 8

const recordStorm = (world: World, client: Client, attempt: Attempt, from: LineRef): void => {
  if (world.limits.timeline === 0 || attempt.expected || client.refused % stormLook !== 0) return
  const storm = stormOf(client, attempt.at)
  if (storm && client.stormSince === null)
    pushBounded(world.timeline, stormTimelineEvent(client, storm, attempt.at, from), world.limits.timeline, isByUntrusted)
  client.stormSince = storm ? (client.stormSince ?? attempt.at) : null
}

const maxMinutes = 1500

const countMinute = (world: World, attempt: Attempt): void => {
  if (attempt.expected) {
    world.expected += 1
    return
  }
  countAt(world.minutes, attempt.at, 1 + attempt.alsoHidden, maxMinutes)
}

/** A refused attempt that is over gets no more log lines. */
const mayChange = ({outcome, endedAt}: Attempt): boolean => outcome === 'connected' || endedAt === null

/** The attempt is resolved: its outcome is final. */
export const settleAttempt = (world: World, attempt: Attempt, from: LineRef): void => {
  if (world.owners.has(attempt)) return
  attempt.expected = expectedOf(attempt, world.life, world.recent)
  const client = findOrAddClient(world.clients, attempt, world.limits.clients)
  if (mayChange(attempt)) world.owners.set(attempt, client)
  countSettled(client, attempt, world.limits.evidence)
  recordGuess(world.guesses, attempt)
  countAttempt(world.ledger, attempt)
  pushBounded(world.recent, attempt, world.limits.recent, isUnidentifiedLeaver)
  const port = portOf(attempt.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  if (attempt.outcome === 'connected') return
  world.refused += 1
  world.hidden += attempt.alsoHidden
  countMinute(world, attempt)
  recordStorm(world, client, attempt, from)
}

/** A line names a connection we had assumed dead: the gateway did not restart after all. */
const restoreMissed = (world: World): void => {
  for (const attempt of world.missed) {
    const client = world.owners.get(attempt)
    if (client) reopenConnection(client, attempt)
  }
  world.missed = []
}

/** Applies an attempt's change to the counters, the timeline and the clients. */
export const applyChange = (world: World, {attempt, settled: isSettled, ended, also}: AttemptChange, line: LogEvent): void => {
  for (const other of also) settleAttempt(world, other, line.from)
  if (isSettled) settleAttempt(world, attempt, line.from)
  if (attempt.gone) restoreMissed(world)
  if (ended) recordEnded(world.owners.get(attempt) ?? findOrAddClient(world.clients, attempt, world.limits.clients), attempt)
}
