import {describe, expect, test} from 'vitest'
import type {GatewayEvent, LogLine} from '../../src/domain/attempts/event.ts'
import {expirePending} from '../../src/domain/world/apply-line.ts'
import {admission, apply, at, conn, departure, event, type Recorded, read} from './event-builders.ts'

const stopping = (seconds: number, restart = false) =>
  read(seconds, {kind: 'gateway-stopping', signal: restart ? 'SIGUSR2' : 'SIGTERM', restart})
const stopped = (seconds: number, clean = true) => read(seconds, {kind: 'gateway-stopped', clean})
const starting = (seconds: number) => read(seconds, {kind: 'gateway-starting'})
const up = (seconds: number) => read(seconds, {kind: 'gateway-listening', port: null, pid: null})
const listening = (seconds: number, port: number, pid: number) => read(seconds, {kind: 'gateway-listening', port, pid})
const startFailed = (seconds: number) => read(seconds, {kind: 'gateway-start-failed', because: 'already running'})

const lifeAfter = (...lines: LogLine[]) => apply(lines).world.life
const timelineOf = (...lines: LogLine[]) => apply(lines).world.timeline.map(({kind, text}) => `${kind}: ${text}`)

describe("the gateway's life", () => {
  test('is unknown where no line tells of it', () => {
    expect(lifeAfter()).toMatchObject({state: 'unknown', since: null})
  })

  test('starts, is up, stops, is down', () => {
    expect(lifeAfter(starting(0)).state).toBe('starting')
    expect(lifeAfter(starting(0), listening(2, 18789, 4000))).toMatchObject({state: 'up', port: 18789, pid: 4000, readyAt: at(2)})
    expect(lifeAfter(starting(0), up(2), stopping(9)).state).toBe('stopping')
    expect(lifeAfter(starting(0), up(2), stopping(9), stopped(10))).toMatchObject({state: 'down', since: at(10)})
  })

  test('restarts', () => {
    expect(lifeAfter(up(0), stopping(5, true), stopped(6)).state).toBe('starting')
    expect(lifeAfter(up(0), stopping(5, true), stopped(6), starting(7), up(8))).toMatchObject({
      state: 'up',
      restarting: false,
      readyAt: at(8),
    })
  })

  test('has a new process where one was spawned', () => {
    const respawned = read(6, {kind: 'gateway-respawned', how: 'full process restart', pid: 4001})
    expect(lifeAfter(listening(0, 18789, 4000), stopping(5, true), respawned)).toMatchObject({
      state: 'starting',
      pid: 4001,
      port: 18789,
    })
  })

  test('goes on where a second one fails to start', () => {
    expect(lifeAfter(up(0), starting(60), startFailed(65)).state).toBe('up')
  })

  test('is not up because a failed start was the first', () => {
    expect(lifeAfter(starting(0), startFailed(5)).state).not.toBe('up')
  })

  test('is over where it exited without a full cleanup, though it meant to restart', () => {
    expect(lifeAfter(up(0), stopping(5, true), stopped(10, false)).state).toBe('down')
  })
})

describe('a gateway that says that it stops, and no more (up to 2026.3.13)', () => {
  const waited = (seconds: number, ...lines: LogLine[]) => {
    const {world} = apply(lines)
    expirePending(world, at(seconds))
    return world.life
  }
  const closing = (seconds: number) => read(seconds, {kind: 'gateway-closing'})

  test('is taken for stopped after a while, since its word', () => {
    expect(waited(20, up(0), stopping(9)).state).toBe('stopping')
    expect(waited(60, up(0), stopping(9))).toMatchObject({state: 'down', since: at(9)})
  })

  test('one that tells of its shutdown is waited for', () => {
    expect(waited(60, up(0), stopping(9), closing(10)).state).toBe('stopping')
    expect(waited(60, up(0), closing(9), stopping(9)).state).toBe('stopping')
    expect(waited(9000, up(0), closing(9), stopping(9), up(20), stopping(600)).state).toBe('down')
  })

  test('one that restarts is waited for', () => {
    expect(waited(60, up(0), stopping(9, true)).state).toBe('stopping')
  })
})

describe('a second gateway that writes into the same log', () => {
  const connectedFrom = ({world}: Recorded) => Array.from(world.clients.byKey.values(), ({open}) => open.size)
  const inside = [admission(1, 3), admission(2, 4, {remote: '192.0.2.9'})]

  test('by its port, takes nothing from the first', () => {
    const found = apply([listening(0, 18789, 4000), ...inside, listening(60, 18790, 4001)])
    expect(found.world.life).toMatchObject({state: 'up', port: 18789, pid: 4000})
    expect(connectedFrom(found)).toEqual([1, 1])
    expect([...found.world.ports]).toEqual([18789, 18790])
    expect(found.world.timeline.at(-1)?.text).toBe('another gateway writes into the same log: port 18790')
  })

  test('without a port it looks like a start after a kill, until one of the first tells of its end', () => {
    const lines = [up(0), ...inside, starting(60), up(62)]
    expect(connectedFrom(apply(lines))).toEqual([0, 0])
    const found = apply([...lines, departure(1, 70)])
    expect(connectedFrom(found)).toEqual([0, 1])
    expect(found.attempts.map(({gone, endedAt}) => [gone, endedAt])).toEqual([
      [false, at(70)],
      [false, null],
    ])
  })

  test('after a stop nobody comes back', () => {
    expect(connectedFrom(apply([up(0), ...inside, stopping(9), stopped(10), up(62), departure(1, 70)]))).toEqual([0, 0])
  })
})

describe('the release', () => {
  test.each([
    ['2026.9.2-release-3928bad9badf-2026-09-05T15-22-41.651Z', '2026.9.2'],
    ['2026.8.2-0965053fe6b9-2026-09-01T09-44-31.342Z', '2026.8.2'],
    ['2026.9.1-beta.1-release-3928bad9badf', '2026.9.1-beta.1'],
    ['dev', null],
  ])('of the build %s is %s', (gatewayBuild, release) => {
    expect(lifeAfter(event(0, 'refused', {conn: conn(1)}, {gatewayBuild})).release).toBe(release)
    expect(lifeAfter(admission(1, 0, {gatewayBuild}), up(5)).release).toBe(release)
  })
})

describe('the timeline', () => {
  test('a start, a restart and a stop', () => {
    expect(
      timelineOf(starting(0), listening(2, 18789, 4000), stopping(5, true), starting(7), up(8), stopping(9), stopped(10)),
    ).toEqual([
      'start: starting',
      'start: up, pid 4000, port 18789',
      'restart: restarting (SIGUSR2)',
      'start: starting',
      'start: up',
      'stop: stopping (SIGTERM)',
    ])
  })

  test('a start that nothing led up to is trouble', () => {
    expect(timelineOf(up(0), starting(60))[1]).toMatch(/^trouble: .*without a recorded stop/)
    expect(timelineOf(up(0), up(60))[1]).toMatch(/^trouble: .*without a recorded stop/)
  })

  test('an end without a full cleanup is trouble, a clean one needs no word', () => {
    expect(timelineOf(stopped(0, false))).toEqual(['trouble: ended without full cleanup'])
    expect(timelineOf(stopped(0, true))).toEqual([])
  })

  test.each([
    [{kind: 'config-applied', what: 'gateway.auth.token'}, 'rotation: config applied: gateway.auth.token'],
    [{kind: 'config-needs-restart', what: 'gateway.auth.password'}, 'rotation: config needs a restart: gateway.auth.password'],
    [
      {kind: 'config-applied', what: 'gateway.controlUi.allowedOrigins'},
      'config: config applied: gateway.controlUi.allowedOrigins',
    ],
    [{kind: 'config-skipped', what: 'invalid config'}, 'trouble: new config rejected: invalid config'],
    [
      {kind: 'device-paired', device: '7ec5d888fd632a4d', role: 'operator', auto: true},
      'pairing: device 7ec5d888… paired by itself as operator',
    ],
    [{kind: 'device-paired', device: '7ec5d888fd632a4d', role: null, auto: false}, 'pairing: device 7ec5d888… paired'],
    [{kind: 'device-paired', device: '7ec5d88🦀d632a4d', role: null, auto: false}, 'pairing: device 7ec5d88… paired'],
    [{kind: 'proxy-suspected', remote: '203.0.113.9'}, 'trouble: proxy headers from an address that is not trusted: 203.0.113.9'],
    [{kind: 'lines-dropped', count: 12}, 'trouble: the gateway dropped 12 log lines'],
  ] satisfies readonly (readonly [GatewayEvent, string])[])('%o', (event, digest) => {
    expect(timelineOf(read(0, event))).toEqual([digest])
  })

  test('a change of the config is one mark, not two', () => {
    expect(timelineOf(read(0, {kind: 'config-changed', what: 'x'}), read(1, {kind: 'config-applied', what: 'x'}))).toHaveLength(1)
  })

  test('each mark leads to its line', () => {
    const line = read(0, {kind: 'config-applied', what: 'x'}, {file: 'gw.log', line: 42})
    expect(apply([line]).world.timeline[0]).toMatchObject({at: at(0), from: {file: 'gw.log', line: 42}})
  })
})
