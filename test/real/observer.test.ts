import type {ChildProcess} from 'node:child_process'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {noLive, whoIsIn} from '../../src/domain/live/live.ts'
import {notObserved, type Observed, type ObserverState} from '../../src/domain/live/live-gateway.ts'
import type {SocketTable} from '../../src/domain/live/live-socket.ts'
import type {Visitor} from '../../src/domain/live/visitor.ts'
import {Secret} from '../../src/domain/secret.ts'
import {hear} from '../../src/domain/world/hear.ts'
import {newWorld} from '../../src/domain/world/world.ts'
import {observe} from '../../src/sources/live/observer.ts'
import {watchSockets} from '../../src/sources/live/sockets.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'
import {come, kinds} from './guests.ts'
import {isOnTap, onTap, ours, type Tap} from './tap.ts'

const release = '2026.9.6'
const inTime = 3000
const truly = 5000

/** Everything that listens, together, as the program has it. */
const ears = (tap: Tap) => {
  const world = newWorld()
  let live = noLive
  let observed = notObserved(Date.now())
  let table: SocketTable | null = null
  let visitors: Visitor[] = []
  const history: {at: number; state: ObserverState; how: string | null}[] = []
  const look = (): void => {
    const open = [...world.clients.byKey.values()].flatMap(one => [...one.open])
    const found = whoIsIn(live, {observed, table, open, recent: world.recent, ownPid: process.pid, at: Date.now()})
    live = found.live
    visitors = found.visitors
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
    journal: null,
    piped: null,
    from: 'end',
    onLines: lines => {
      for (const line of lines) hear(world, line)
      sockets.nudge()
      look()
    },
    onSources: () => {},
  })
  return {
    observer,
    history,
    world,
    names: (): string[] => visitors.map(({name}) => name).toSorted(),
    named: (name: string): Visitor | undefined => visitors.find(one => one.name === name),
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
  let heard: ReturnType<typeof ears>
  const guests = new Map<string, ChildProcess>()
  const told: Record<string, number> = {}

  beforeAll(async () => {
    tap = onTap(release)
    heard = ears(tap)
    await within(10_000, () => heard.now().state === 'up')
  }, 300_000)

  afterAll(() => {
    heard?.close()
    for (const guest of guests.values()) guest.kill('SIGKILL')
    tap?.end()
    console.info('milliseconds until it was told', told)
  })

  test('it says who it is', () => {
    expect(heard.now().hello).toMatchObject({version: release, bootId: expect.any(String), appliedConfigHash: expect.any(String)})
    expect(heard.names()).toEqual([])
  })

  test('six kinds of clients come: each is named within three seconds', async () => {
    const expected: string[] = []
    for (const kind of kinds(tap.url, heard.now().hello?.buildId ?? '')) {
      guests.set(kind.name, await come(tap, kind))
      expected.push(kind.name)
      told[`in: ${kind.name}`] = await within(inTime, () => heard.named(kind.name))
      await within(inTime, () => heard.named(kind.name)?.by === kind.by)
      await vi.waitFor(() => expect(heard.names()).toEqual(expected.toSorted()), {timeout: inTime})
    }
    expect(heard.named('openclaw-logs')).toMatchObject({process: 'openclaw-logs', pid: guests.get('openclaw-logs')?.pid})
    expect(heard.named('openclaw-macos')).toMatchObject({mode: 'ui', version: '1.2.3'})
  })

  test('they leave, in good order and not: each is dropped within three seconds', async () => {
    for (const [name, how] of [
      ['openclaw-logs', 'SIGTERM'],
      ['openclaw-ios', 'SIGKILL'],
      ['openclaw-control-ui', 'SIGTERM'],
      ['home-bridge', 'SIGKILL'],
      ['node-host', 'SIGTERM'],
    ] as const) {
      guests.get(name)?.kill(how)
      told[`out: ${name}`] = await within(inTime, () => heard.named(name) === undefined)
    }
    await vi.waitFor(() => expect(heard.names()).toEqual(['openclaw-macos']), {timeout: inTime})
  })

  test('of all this, not one line was about us', () => {
    expect(ours(tap.logFrom(0))).toEqual([])
    expect(heard.history.map(({state}) => state)).toEqual(['connecting', 'up'])
  })

  test('frozen, and awake again', async () => {
    tap.signal('SIGSTOP')
    told['frozen'] = await within(truly, () => heard.now().state === 'frozen')
    tap.signal('SIGCONT')
    told['awake'] = await within(truly, () => heard.now().state === 'up')
  })

  test('its token is rotated', async () => {
    const {hello} = heard.now()
    tap.rotate('b'.repeat(48))
    told['rotated'] = await within(truly, () => heard.now().lastEnd?.how === 'token-changed')
    told['in with the new token'] = await within(truly, () => heard.now().state === 'up')
    expect(heard.now().hello?.bootId).toBe(hello?.bootId)
  })

  test('it is restarted', async () => {
    const {hello} = heard.now()
    tap.signal('SIGUSR2')
    told['restarting'] = await within(truly, () => heard.now().lastEnd?.how === 'restarting')
    told['up again'] = await within(30_000, () => heard.now().state === 'up')
    expect(heard.now().hello?.bootId).not.toBe(hello?.bootId)
    expect(heard.history.some(({state}) => state === 'gone')).toBe(false)
  })

  test('it is killed', async () => {
    tap.signal('SIGKILL')
    told['killed'] = await within(truly, () => heard.now().state === 'gone' && heard.now().lastEnd?.how === 'cut')
    told['and nobody is in'] = await within(truly, () => heard.names().length === 0)
    expect(await within(truly, () => /killed or crashed/.test(heard.now().because))).toBeLessThan(truly)
  })

  test('it is started again, and stopped', async () => {
    tap.again()
    await within(60_000, () => {
      heard.observer.retryNow()
      return heard.now().state === 'up'
    })
    tap.signal('SIGTERM')
    told['stopped'] = await within(truly, () => heard.now().state === 'gone' && heard.now().lastEnd?.how === 'stopped')
  })

  test('through all of it, not one line was about us', () => {
    expect(ours(tap.logFrom(0))).toEqual([])
  })
})
