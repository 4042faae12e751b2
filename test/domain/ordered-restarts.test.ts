import {expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {problemsOf} from '../../src/domain/diagnosis/all-problems.ts'
import {apply, at, read} from './event-builders.ts'

const starting = (seconds: number) => read(seconds, {kind: 'gateway-starting'})
const up = (seconds: number) => read(seconds, {kind: 'gateway-listening', port: null, pid: null})
const stopping = (seconds: number, restart: boolean) => read(seconds, {kind: 'gateway-stopping', signal: 'SIGTERM', restart})
const stopped = (seconds: number) => read(seconds, {kind: 'gateway-stopped', clean: true})

const loopIn = (lines: readonly LogLine[]) => {
  const {world} = apply(lines)
  const found = problemsOf({world, now: at(600), sources: [], live: null, service: null, copies: null, agents: []})
  return found.find(({id}) => id === 'respawn-loop')
}

const times = [1, 2, 3, 4, 5, 6]

/** As a plan, a person or the service manager orders it: the log tells of the end before the start. */
test.each([true, false])('restarts that somebody ordered are no respawn-loop (restart: %s)', restart => {
  const lines = times.flatMap(n => {
    const began = n * 60
    return [stopping(began, restart), stopped(began + 1), starting(began + 6), up(began + 12)]
  })
  expect(loopIn([starting(0), up(10), ...lines])).toBeUndefined()
})

test('starts before which the log tells of no end are one, counted without the ordered ones', () => {
  const crashes = [1, 2, 3].flatMap(n => [starting(n * 60), up(n * 60 + 10)])
  const ordered = [stopping(300, true), stopped(301), starting(302), up(310)]
  expect(loopIn([starting(0), up(10), ...crashes, ...ordered])).toMatchObject({harm: 'broken', count: 3})
  expect(loopIn([starting(0), up(10), ...crashes.slice(2), ...ordered])).toBeUndefined()
})
