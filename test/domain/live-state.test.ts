import {expect, test} from 'vitest'
import {createLiveNow, refreshLive} from '../../src/domain/live/live-state.ts'
import type {Connection, SocketTable} from '../../src/domain/live/socket.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {apply, at, refusal} from './event-builders.ts'

const port = 18_789

const stored: Connection = {
  endpoint: `127.0.0.1:40000->127.0.0.1:${port}`,
  client: {host: '127.0.0.1', port: 40_000},
  gateway: {host: '127.0.0.1', port},
  open: true,
  owner: {pid: 7, process: 'node', user: 'ops'},
  firstSeen: at(11),
  notYetAt: at(10.5),
}

const tableAt = (seconds: number, connections: Connection[]): SocketTable => ({
  ...{problem: null, at: at(seconds), port, connections, tookMs: 1},
  listeners: [{pid: 100, process: 'openclaw-gateway', user: 'ops', host: '127.0.0.1'}],
})

/** Since when, in seconds, a connection that was opened at 11 s is taken for somebody who is in. */
const inAfter = (world: World): number | undefined => {
  let live = refreshLive({...createLiveNow(1), table: tableAt(10, [])}, world, at(10))
  return Array.from({length: 100}, (_, i) => 11 + i / 10).find(seconds => {
    live = refreshLive({...live, table: tableAt(seconds, [stored])}, world, at(seconds))
    return live.connectedClients.length > 0
  })
}

const wrongFrom = (remote: string, seconds: number): World => apply([refusal(1, seconds, {remote})]).world

test('who holds a connection is in, as soon as one that is refused would be gone', () => {
  expect(inAfter(createWorld())).toBeLessThan(12)
  expect(inAfter(wrongFrom('192.0.2.7', 9))).toBeLessThan(12)
  expect(inAfter(wrongFrom('127.0.0.1', -120))).toBeLessThan(12)
})

test('where somebody guesses on the own host he is made to wait, and is not in meanwhile', () => {
  expect(inAfter(wrongFrom('127.0.0.1', 9))).toBeGreaterThan(16)
})
