import {type Attempt, isUnidentifiedLeaver} from '../attempts/attempt.ts'
import type {Change} from '../attempts/attempts.ts'
import {type Client, noteEnded, noteSettled, noteStillIn} from '../attempts/client.ts'
import {clientOf} from '../attempts/clients.ts'
import type {LineRef, Told} from '../attempts/event.ts'
import {expectedOf} from '../attempts/expected.ts'
import {noteGuess} from '../attempts/lockout.ts'
import {countAt} from '../attempts/minutes.ts'
import {stormOf} from '../attempts/storm.ts'
import {countAttempt} from '../ledger.ts'
import {isByStrangers, stormMark} from '../mark.ts'
import {portOf} from './ports.ts'
import {keep, type World} from './world.ts'

const stormLook = 8

const noteStorm = (world: World, client: Client, attempt: Attempt, from: LineRef): void => {
  if (world.limits.marks === 0 || attempt.expected || client.refused % stormLook !== 0) return
  const storm = stormOf(client, attempt.at)
  if (storm && client.stormSince === null)
    keep(world.marks, stormMark(client, storm, attempt.at, from), world.limits.marks, isByStrangers)
  client.stormSince = storm ? (client.stormSince ?? attempt.at) : null
}

const mostMinutes = 1500

const noteMinute = (world: World, attempt: Attempt): void => {
  if (attempt.expected) {
    world.expected += 1
    return
  }
  countAt(world.minutes, attempt.at, 1 + attempt.alsoHidden, mostMinutes)
}

/** Of one that was turned away and is over, nothing more is told. */
const mayChange = ({outcome, endedAt}: Attempt): boolean => outcome === 'connected' || endedAt === null

/** The fate of an attempt is known. */
export const settled = (world: World, attempt: Attempt, from: LineRef): void => {
  if (world.owners.has(attempt)) return
  attempt.expected = expectedOf(attempt, world.life, world.recent)
  const client = clientOf(world.clients, attempt, world.limits.clients)
  if (mayChange(attempt)) world.owners.set(attempt, client)
  noteSettled(client, attempt, world.limits.evidence)
  noteGuess(world.guesses, attempt)
  countAttempt(world.ledger, attempt)
  keep(world.recent, attempt, world.limits.recent, isUnidentifiedLeaver)
  const port = portOf(attempt.endpoint ?? '')
  if (port !== null) world.ports.add(port)
  if (attempt.outcome === 'connected') return
  world.refused += 1
  world.hidden += attempt.alsoHidden
  noteMinute(world, attempt)
  noteStorm(world, client, attempt, from)
}

/** One of them was told of again, so the gateway that had let them in is still there. */
const missedInVain = (world: World): void => {
  for (const attempt of world.missed) {
    const client = world.owners.get(attempt)
    if (client) noteStillIn(client, attempt)
  }
  world.missed = []
}

/** What a line of a connection did to it is done to the world. */
export const applied = (world: World, {attempt, settled: isSettled, ended, also}: Change, line: Told): void => {
  for (const other of also) settled(world, other, line.from)
  if (isSettled) settled(world, attempt, line.from)
  if (attempt.gone) missedInVain(world)
  if (ended) noteEnded(world.owners.get(attempt) ?? clientOf(world.clients, attempt, world.limits.clients), attempt)
}
