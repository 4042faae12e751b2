import type {ChildProcess} from 'node:child_process'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import {createLiveMemory, findConnectedClients} from '../../src/domain/live/live.ts'
import {initialObserved, type Observed, type ObserverState} from '../../src/domain/live/observed.ts'
import type {SocketTable} from '../../src/domain/live/socket.ts'
import {Secret} from '../../src/domain/secret.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {observe} from '../../src/sources/live/observer.ts'
import {watchSockets} from '../../src/sources/live/sockets.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'
import {come, kinds} from './clients.ts'
import {isOnTap, onTap, ours, type Tap} from './traffic-recorder.ts'

const release = '2026.9.6'
const inTime = 3000
const truly = 5000

/** Everything that listens, together, as the program has it. */
const openWatcher = (tap: Tap) => {
  const world = createWorld()
  let live = createLiveMemory
  let observed = initialObserved(Date.now())
  let table: SocketTable | null = null
  let clients: ConnectedClient[] = []
  const history: {at: number; state: ObserverState; how: string | null}[] = []
  const look = (): void => {
    const open = [...world.clients.byKey.values()].flatMap(one => [...one.open])
    const found = findConnectedClients(live, {observed, table, open, recent: world.recent, ownPid: process.pid, at: Date.now()})
    live = found.live
    clients = found.connectedClients
  }
  const sockets = watchSockets({
    port: tap.port,
    onChange: now => {
      table = now
      look()
    },
  })
  const onChange = (now: Observed): void => {
    if (now.presence !== observed.presence) sockets.nudge()
    if (now.state !== observed.state || now.lastEnd !== observed.lastEnd)
      history.push({at: Date.now(), state: now.state, how: now.lastEnd?.how ?? null})
    observed = now
    look()
  }
  const observer = observe({url: tap.url, token: async () => new Secret(tap.token()), version: '0.0.0-test', onChange})
  const logs = followLogs({
    places: [{kind: 'file', file: tap.log}],
    consoles: [],
    systemdUnit: null,
    piped: null,
    from: 'end',
    onLines: lines => {
      for (const line of lines) applyLine(world, line)
      sockets.nudge()
      look()
    },
    onSources: () => {},
  })
  return {
    observer,
    history,
    world,
    names: (): string[] => clients.map(({name}) => name).toSorted(),
    named: (name: string): ConnectedClient | undefined => clients.find(one => one.name === name),
    now: (): Observed => observed,
    close: () => {
      observer.close()
      sockets.close()
      logs.close()
    },
  }
}

const within = async (ms: number, holds: () => unknown): Promise<number> => {
  const began = performance.now()
  await vi.waitFor(() => expect(holds()).toBeTruthy(), {timeout: ms, interval: 20})
  return Math.round(performance.now() - began)
}

describe.skipIf(!isOnTap(release))(`at a real gateway, ${release}`, () => {
  let tap: Tap
  let lines: ReturnType<typeof openWatcher>
  const records = new Map<string, ChildProcess>()
  const output: Record<string, number> = {}

  beforeAll(async () => {
    tap = onTap(release)
    lines = openWatcher(tap)
    await within(10_000, () => lines.now().state === 'up')
  }, 300_000)

  afterAll(() => {
    lines?.close()
    for (const record of records.values()) record.kill('SIGKILL')
    tap?.end()
    console.info('milliseconds until it was told', output)
  })

  test('it says who it is', () => {
    expect(lines.now().hello).toMatchObject({version: release, bootId: expect.any(String), appliedConfigHash: expect.any(String)})
    expect(lines.names()).toEqual([])
  })

  test('six kinds of clients come: each is named within three seconds', async () => {
    const expected: string[] = []
    for (const kind of kinds(tap.url, lines.now().hello?.buildId ?? '')) {
      records.set(kind.name, await come(tap, kind))
      expected.push(kind.name)
      output[`in: ${kind.name}`] = await within(inTime, () => lines.named(kind.name))
      await within(inTime, () => lines.named(kind.name)?.by === kind.by)
      await vi.waitFor(() => expect(lines.names()).toEqual(expected.toSorted()), {timeout: inTime})
    }
    expect(lines.named('openclaw-logs')).toMatchObject({process: 'openclaw-logs', pid: records.get('openclaw-logs')?.pid})
    expect(lines.named('openclaw-macos')).toMatchObject({mode: 'ui', version: '1.2.3'})
  })

  test('they leave, in good order and not: each is dropped within three seconds', async () => {
    for (const [name, how] of [
      ['openclaw-logs', 'SIGTERM'],
      ['openclaw-ios', 'SIGKILL'],
      ['openclaw-control-ui', 'SIGTERM'],
      ['home-bridge', 'SIGKILL'],
      ['node-host', 'SIGTERM'],
    ] as const) {
      records.get(name)?.kill(how)
      output[`out: ${name}`] = await within(inTime, () => lines.named(name) === undefined)
    }
    await vi.waitFor(() => expect(lines.names()).toEqual(['openclaw-macos']), {timeout: inTime})
  })

  test('of all this, not one line was about us', () => {
    expect(ours(tap.logFrom(0))).toEqual([])
    expect(lines.history.map(({state}) => state)).toEqual(['connecting', 'up'])
  })

  test('frozen, and awake again', async () => {
    tap.signal('SIGSTOP')
    output['frozen'] = await within(truly, () => lines.now().state === 'frozen')
    tap.signal('SIGCONT')
    output['awake'] = await within(truly, () => lines.now().state === 'up')
  })

  test('its token is rotated', async () => {
    const {hello} = lines.now()
    tap.rotate('b'.repeat(48))
    output['rotated'] = await within(truly, () => lines.now().lastEnd?.how === 'token-changed')
    output['in with the new token'] = await within(truly, () => lines.now().state === 'up')
    expect(lines.now().hello?.bootId).toBe(hello?.bootId)
  })

  test('it is restarted', async () => {
    const {hello} = lines.now()
    tap.signal('SIGUSR2')
    output['restarting'] = await within(truly, () => lines.now().lastEnd?.how === 'restarting')
    output['up again'] = await within(30_000, () => lines.now().state === 'up')
    expect(lines.now().hello?.bootId).not.toBe(hello?.bootId)
    expect(lines.history.some(({state}) => state === 'gone')).toBe(false)
  })

  test('it is killed', async () => {
    tap.signal('SIGKILL')
    output['killed'] = await within(truly, () => lines.now().state === 'gone' && lines.now().lastEnd?.how === 'cut')
    output['and nobody is in'] = await within(truly, () => lines.names().length === 0)
    expect(await within(truly, () => /killed or crashed/.test(lines.now().because))).toBeLessThan(truly)
  })

  test('it is started again, and stopped', async () => {
    tap.again()
    await within(60_000, () => {
      lines.observer.retryNow()
      return lines.now().state === 'up'
    })
    tap.signal('SIGTERM')
    output['stopped'] = await within(truly, () => lines.now().state === 'gone' && lines.now().lastEnd?.how === 'stopped')
  })

  test('through all of it, not one line was about us', () => {
    expect(ours(tap.logFrom(0))).toEqual([])
  })
})
