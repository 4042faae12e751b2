import {describe, expect, test} from 'vitest'
import {type GatewayLife, unknownLife} from '../../src/domain/gateway-lifecycle.ts'
import {gatewayNow} from '../../src/domain/live/gateway-now.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved, type LastEnd, type Observed} from '../../src/domain/live/observed.ts'
import type {SocketTable} from '../../src/domain/live/socket.ts'

const now = 1_000_000
const up: GatewayLife = {...unknownLife(), state: 'up', since: 1000, readyAt: 1000, pid: 7}

const table = (pids: readonly number[], problem: string | null = null): SocketTable => ({
  ...{problem, at: now, port: 18_789, connections: [], tookMs: 1},
  listeners: pids.map(pid => ({pid, process: 'openclaw-gateway', user: 'ops', host: '127.0.0.1'})),
})

const ended = (how: LastEnd['how'], at = now - 2000): Partial<Observed> => ({lastEnd: {how, code: 1006, text: '', at}})

const read = (life: GatewayLife, observed: Partial<Observed> | null, sockets: SocketTable | null) => {
  const live = {...createLiveNow(1), observed: observed && {...initialObserved(0), ...observed}, table: sockets}
  const {is, by, since, pid} = gatewayNow(life, live, now)
  return {is, by, since, pid}
}

describe('how the gateway fares', () => {
  test('by its log alone, where nothing else is heard', () => {
    expect(gatewayNow(up, null, now)).toMatchObject({is: 'up', by: 'log', since: 1000, pid: 7, version: null})
    expect(gatewayNow(unknownLife(), null, now)).toMatchObject({is: 'unknown', by: 'log'})
    expect(gatewayNow({...up, state: 'down', since: 5}, null, now)).toMatchObject({is: 'stopped', since: 5})
    expect(gatewayNow({...up, state: 'stopping', restarting: true}, null, now)).toMatchObject({is: 'restarting'})
  })

  test('its own word goes first, and says since when it runs', () => {
    expect(read(unknownLife(), {state: 'up', upSince: 5, bootedAt: 3}, table([9]))).toEqual({
      ...{is: 'up', by: 'gateway', since: 3, pid: 9},
    })
  })

  test('a restart within its process begins it again, as its log tells', () => {
    const observed = {state: 'up' as const, upSince: 5, bootedAt: 3}
    expect(read({...up, readyAt: 90_000}, observed, table([9])).since).toBe(90_000)
    expect(read({...up, readyAt: 2}, observed, table([9])).since).toBe(3)
    expect(read({...up, state: 'down', readyAt: 90_000}, observed, table([9])).since).toBe(3)
  })

  test('an event loop that is too busy is no plain up', () => {
    const eventLoop = {degraded: true, reasons: ['delay'], delayMaxMs: 900, utilization: 1}
    const health = {ok: true, at: 90_000, eventLoop, pluginErrors: 0, channels: 0, hotReload: null}
    expect(read(up, {state: 'up', upSince: 5, bootedAt: 5, health}, null).is).toBe('busy')
    expect(read(up, {state: 'up', upSince: 5, bootedAt: 60_000, health}, null).is).toBe('up')
  })

  test('frozen, though it listens and its log says up', () => {
    expect(read(up, {state: 'frozen', since: 77, upSince: 5}, table([9]))).toMatchObject({is: 'frozen', since: 77})
  })

  test('frozen, it says who has its port, and whether that was proven to be the gateway', () => {
    const listener = {pid: 9, program: 'python3', uids: [1000], account: 'ops', since: 0, host: '127.0.0.1', id: '9'}
    const observed = {...initialObserved(0), state: 'frozen' as const, because: 'it says nothing'}
    const of = (is: 'not-ready' | 'gateway', who: typeof listener | null = listener) =>
      gatewayNow(up, {...createLiveNow(1), observed, table: table([9]), listener: {is, because: '', listener: who}}, now)
    expect(of('not-ready')).toMatchObject({
      because: 'it says nothing; its port is held by python3, pid 9, account ops, since 1970-01-01T00:00:00Z',
      silent: {listener, isProven: false},
    })
    expect(of('gateway').silent).toMatchObject({isProven: true})
    expect(of('not-ready', null)).toMatchObject({because: 'it says nothing', silent: null})
  })

  test.each([
    ['cut', 'killed'],
    ['stopped', 'stopped'],
    ['closed', 'stopped'],
    ['restarting', 'restarting'],
  ] as const)('an end that was %s, and nobody listens: %s', (how, is) => {
    expect(read(up, {state: 'gone', ...ended(how)}, table([]))).toEqual({is, by: 'gateway', since: now - 2000, pid: null})
  })

  test('what answers over HTTP is not killed, though the list of the system shows nobody who listens', () => {
    const live = {...createLiveNow(1), table: table([])}
    expect(gatewayNow(up, live, now).is).toBe('killed')
    expect(gatewayNow(up, {...live, isAnswering: true}, now).is).toBe('up')
    const listener = {is: 'gateway', because: 'it answers', listener: null} as const
    expect(gatewayNow(up, {...live, listener}, now).is).toBe('up')
  })

  test('a port that refuses connections is nobody’s, though an older list shows who had it', () => {
    const live = {
      ...createLiveNow(1),
      observed: {...initialObserved(0), state: 'gone' as const, ...ended('cut')},
      table: table([9]),
    }
    expect(gatewayNow(up, live, now).is).toBe('starting')
    expect(gatewayNow(up, {...live, listener: {is: 'none', because: 'refused', listener: null}}, now).is).toBe('killed')
  })

  test('a restart that does not come back is none', () => {
    expect(read(up, {state: 'not-yet', ...ended('restarting', now - 31_000)}, table([])).is).toBe('stopped')
  })

  test('it listens again, and lets nobody in yet', () => {
    expect(read(up, {state: 'not-yet', ...ended('cut')}, table([9]))).toMatchObject({is: 'starting', since: null})
    const starting: GatewayLife = {...up, state: 'starting', since: now - 500}
    expect(read(starting, {state: 'not-yet', ...ended('cut')}, table([9]))).toMatchObject({is: 'starting', since: now - 500})
    expect(read({...starting, since: 5}, {state: 'not-yet', ...ended('cut')}, table([9])).since).toBeNull()
    expect(read(up, {state: 'not-yet', ...ended('restarting')}, table([9])).is).toBe('restarting')
  })

  test('a new token ends our connection, and the gateway is up all the same, or restarts as its log says', () => {
    const observed: Partial<Observed> = {state: 'not-yet', ...ended('token-changed')}
    expect(read(up, observed, table([9]))).toMatchObject({is: 'up', by: 'log'})
    expect(read({...up, state: 'starting', restarting: true}, observed, table([9])).is).toBe('restarting')
    const cut: Partial<Observed> = {state: 'not-yet', ...ended('cut')}
    expect(read({...up, state: 'starting', restarting: true}, cut, table([9])).is).toBe('restarting')
  })

  test('without a token the system says whether anybody listens', () => {
    expect(read(up, {state: 'off'}, table([]))).toMatchObject({is: 'killed', by: 'system', pid: null})
    expect(read(unknownLife(), {state: 'off'}, table([]))).toMatchObject({is: 'stopped', by: 'system', since: null})
    expect(read(unknownLife(), {state: 'off'}, table([9]))).toMatchObject({is: 'up', by: 'system', since: null, pid: 9})
    const starting: GatewayLife = {...up, state: 'starting', since: now - 1000}
    expect(read(starting, {state: 'off'}, table([]))).toMatchObject({is: 'starting', by: 'log'})
    expect(read({...starting, since: now - 31_000}, {state: 'off'}, table([]))).toMatchObject({is: 'stopped', by: 'system'})
    expect(read({...up, state: 'stopping', since: 4}, {state: 'off'}, table([]))).toMatchObject({is: 'stopped', since: 4})
  })

  test('a gateway that turns gatecrab away is up all the same', () => {
    expect(read(up, {state: 'refused', because: 'token mismatch'}, table([9]))).toMatchObject({is: 'up', by: 'log', pid: 9})
    expect(read(up, {state: 'refused', because: 'token mismatch'}, null)).toMatchObject({is: 'up', by: 'log'})
  })

  test('elsewhere, where only knocking tells', () => {
    expect(read(unknownLife(), {state: 'not-yet', since: 50}, null)).toMatchObject({is: 'unreachable', since: 50})
  })

  test('a system that tells nothing is not believed', () => {
    expect(read(up, {state: 'off'}, table([], 'there is no lsof here'))).toEqual({is: 'up', by: 'log', since: 1000, pid: 7})
  })
})
