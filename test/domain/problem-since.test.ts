import {expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {diagnose} from '../../src/domain/diagnosis/log-problems.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {at, conn, event} from './event-builders.ts'

const client = {id: 'node-host', mode: 'node', version: '1.2.3', platform: 'linux'}
let made = 0

const refused = (seconds: number, authReason: string | null, suppressed?: number): LogLine => {
  made += 1
  return event(
    seconds,
    'closed-early',
    {conn: conn(made)},
    {
      client,
      remote: '192.0.2.7',
      code: 1008,
      handshake: 'failed',
      cause: authReason === null ? 'device-required' : 'unauthorized',
      ...(authReason === null ? {} : {authReason}),
      ...(suppressed === undefined ? {} : {suppressed}),
    },
  )
}

const visited = (seconds: number): LogLine[] => {
  made += 1
  return [
    event(seconds, 'admitted', {conn: conn(made)}, {client, remote: '192.0.2.7'}),
    event(seconds + 1, 'disconnected', {conn: conn(made)}, {code: 1000}),
  ]
}

const problemsAt = (seconds: number, lines: readonly LogLine[]) => {
  const world = createWorld()
  for (const line of lines) applyLine(world, line)
  return diagnose({world, now: at(seconds), sources: []})
}

const problem = (id: string, seconds: number, lines: readonly LogLine[]) => problemsAt(seconds, lines).find(one => one.id === id)

test('a problem is as old as the first attempt for this reason, not as the first of its client', () => {
  const lines = [refused(0, null), refused(20, 'token_mismatch'), refused(30, 'token_mismatch')]
  expect(problem('token-mismatch', 40, lines)).toMatchObject({since: at(20), count: 2})
})

test('a problem that was over begins again: its client got in since', () => {
  const lines = [refused(0, 'token_mismatch'), ...visited(10), refused(20, 'token_mismatch'), refused(30, 'token_mismatch', 3)]
  expect(problem('token-mismatch', 40, lines)).toMatchObject({since: at(20), count: 5})
})

test('a problem that had not been seen for an hour begins again, for most clients leave no line when they get in', () => {
  const lines = [refused(0, 'token_mismatch'), refused(7200, 'token_mismatch')]
  expect(problem('token-mismatch', 7210, lines)).toMatchObject({since: at(7200), count: 1})
  expect(problem('token-mismatch', 3010, [refused(0, 'token_mismatch'), refused(3000, 'token_mismatch')])).toMatchObject({
    since: at(0),
    count: 2,
  })
})
