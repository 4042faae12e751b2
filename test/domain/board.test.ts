import {describe, expect, test} from 'vitest'
import {type Attempt, newAttempt} from '../../src/domain/attempt.ts'
import {type Board, boardOf, graceMs, isExpectedAt, isOpen} from '../../src/domain/board.ts'
import {clientOf, noteEnded, noteSettled} from '../../src/domain/client.ts'
import {newWorld, type World} from '../../src/domain/world.ts'

const rotatedAt = Date.parse('2026-11-21T12:00:00Z')
const past = (seconds: number): number => rotatedAt + seconds * 1000
const hour = 3_600_000

const come = (world: World, id: string, at: number, more: Partial<Attempt> = {}): Attempt => {
  const attempt: Attempt = {
    ...newAttempt(`${id}-${at}`, at),
    outcome: 'connected',
    client: {id, mode: 'webchat', version: null, platform: null},
    remote: '192.0.2.7',
    ...more,
  }
  world.recent.push(attempt)
  noteSettled(clientOf(world.clients, attempt, 100), attempt)
  return attempt
}

const refused = (world: World, id: string, at: number, more: Partial<Attempt> = {}): Attempt =>
  come(world, id, at, {outcome: 'refused', reason: 'token-mismatch', closeCode: 1008, ...more})

const cutOff = (world: World, attempt: Attempt, at: number): void => {
  Object.assign(attempt, {endedAt: at, reason: 'token-changed', closeCode: 4001})
  noteEnded(clientOf(world.clients, attempt, 100), attempt)
}

const told = ({rows}: Board) =>
  rows.map(({client, state, reason, count, expected}) => [client.identity.id, state, reason, count, expected])

describe('the rotation board', () => {
  test('one that was cut off waits, until it is in again', () => {
    const world = newWorld()
    cutOff(world, come(world, 'ui', past(-60)), past(1))
    expect(told(boardOf(world, rotatedAt, past(2)))).toEqual([['ui', 'waiting', 'token-changed', 0, 0]])
    come(world, 'ui', past(5))
    const board = boardOf(world, rotatedAt, past(6))
    expect(told(board)).toEqual([['ui', 'back', null, 0, 0]])
    expect(board.rows[0]?.backAt).toBe(past(5))
    expect(isOpen(board)).toBe(false)
  })

  test('one that was never cut off, as a paired device, is back from the start', () => {
    const world = newWorld()
    come(world, 'node', past(-60))
    expect(told(boardOf(world, rotatedAt, past(100)))).toEqual([['node', 'back', null, 0, 0]])
  })

  test('refusals of the first moments are expected; after that the client is stuck, with its reason and card', () => {
    const world = newWorld()
    refused(world, 'ui', past(2))
    refused(world, 'ui', past(4), {alsoHidden: 3})
    expect(told(boardOf(world, rotatedAt, past(5)))).toEqual([['ui', 'waiting', 'token-mismatch', 5, 5]])
    refused(world, 'ui', past(95))
    const board = boardOf(world, rotatedAt, past(96))
    expect(told(board)).toEqual([['ui', 'stuck', 'token-mismatch', 6, 5]])
    expect(board.rows[0]?.card).toContain('openclaw dashboard')
    expect(board).toMatchObject({waiting: 0, back: 0, stuck: 1})
  })

  test('one that was refused early and has not come again is stuck once the grace is over', () => {
    const world = newWorld()
    refused(world, 'ui', past(2))
    expect(told(boardOf(world, rotatedAt, rotatedAt + graceMs))[0]?.[1]).toBe('stuck')
  })

  test('one that got in after it had been refused is back', () => {
    const world = newWorld()
    refused(world, 'ui', past(120))
    come(world, 'ui', past(130))
    expect(told(boardOf(world, rotatedAt, past(140)))).toEqual([['ui', 'back', 'token-mismatch', 1, 0]])
  })

  test('what was wrong before the rotation does not count', () => {
    const world = newWorld()
    refused(world, 'ui', past(-600))
    expect(told(boardOf(world, rotatedAt, past(120)))).toEqual([['ui', 'waiting', null, 0, 0]])
  })

  test('who was not seen for a day, and who only looked whether the port answers, is not on it', () => {
    const world = newWorld()
    come(world, 'old', rotatedAt - 25 * hour, {endedAt: rotatedAt - 25 * hour})
    come(world, 'probe', past(-5), {outcome: 'left', expected: 'probe'})
    come(world, 'us', past(-5), {expected: 'ours'})
    expect(told(boardOf(world, rotatedAt, past(5)))).toEqual([])
  })

  test('the stuck come first, the many before the few', () => {
    const world = newWorld()
    come(world, 'in', past(-5))
    cutOff(world, come(world, 'waits', past(-5)), past(1))
    refused(world, 'some', past(100))
    for (let i = 0; i < 3; i += 1) refused(world, 'many', past(100 + i))
    expect(told(boardOf(world, rotatedAt, past(110))).map(([id]) => id)).toEqual(['many', 'some', 'waits', 'in'])
  })

  test('two of the same name from two places are two', () => {
    const world = newWorld()
    refused(world, 'ui', past(100))
    refused(world, 'ui', past(100), {remote: '192.0.2.8'})
    expect(told(boardOf(world, rotatedAt, past(110))).map(([, , , count]) => count)).toEqual([1, 1])
  })
})

test('which refusals are expected', () => {
  expect(isExpectedAt({at: past(1)}, rotatedAt)).toBe(true)
  expect(isExpectedAt({at: past(91)}, rotatedAt)).toBe(false)
  expect(isExpectedAt({at: past(-60)}, rotatedAt)).toBe(false)
})
