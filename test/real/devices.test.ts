import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {WebSocket} from 'ws'
import {type Caller, dial} from '../../src/demo/clients/rpc-client.ts'
import {deviceOf} from '../../src/demo/device.ts'
import type {DeviceStore} from '../../src/domain/devices/device.ts'
import {endEntry} from '../../src/domain/plans/journal.ts'
import {readDeviceStore} from '../../src/sources/devices/reader.ts'
import {listJournals} from '../../src/sources/plans/journals.ts'
import {statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {readHostEnv} from '../../src/sources/service/host-env.ts'
import {portHolder} from '../../src/sources/service/port-holder.ts'
import {built, bundle} from '../e2e/built.ts'
import {openScreen} from '../e2e/screen.ts'
import {writtenIn} from '../fixtures/stubs/leaks.ts'
import {isOnTap, onTap, type Tap} from './traffic-recorder.ts'

const long = 300_000
const within = {timeout: 60_000, interval: 200}

type Answer = {isIn: boolean; requestId: string | null; reason: string | null; deviceToken: string | null}

/** A phone behind a proxy: it holds the gateway's token, and is paired with nobody. */
const phone = (name: string, scopes: string[] = ['operator.read'], client = {id: 'openclaw-ios', mode: 'ui'}): Caller => ({
  client: {...client, version: '1.2.3', platform: 'ios', displayName: `${name}'s phone`},
  scopes,
  headers: {'X-Forwarded-For': '203.0.113.9', Host: 'gw.example.com'},
  device: deviceOf(name),
})

/** Comes to the gateway, and says what it was told; `hold` keeps it connected for the work. */
const ask = async ({url}: Tap, caller: Caller, token: string, hold?: () => Promise<void>): Promise<Answer> => {
  const call = dial(url, caller, {token})
  let answer: Answer = {isIn: false, requestId: null, reason: null, deviceToken: null}
  call.socket.on('message', data => {
    const {id, ok, payload, error} = JSON.parse(String(data))
    if (id !== 'connect') return
    const {requestId = null, reason = null} = error?.details ?? {}
    answer = {isIn: ok === true, requestId, reason, deviceToken: payload?.auth?.deviceToken ?? null}
  })
  if (await call.admitted) await hold?.()
  if (call.socket.readyState === WebSocket.OPEN) call.socket.close(1000)
  await call.ended
  return answer
}

type Ran = {code: number | null; stdout: string; stderr: string}

/** One home, one gateway, and gatecrab as an operator there would run it. */
const ground = (release: string) => {
  const tap = onTap(release)
  const state = path.join(tap.home, 'gatecrab')
  const stateDir = path.join(tap.home, '.openclaw')
  const bin = fs.readFileSync(path.join(tap.home, 'env.sh'), 'utf8').match(/^BIN=(.*)$/m)?.[1] ?? ''
  const env = {HOME: tap.home, PATH: `${bin}:/usr/bin:/bin`, GATECRAB_STATE_DIR: state, OPENCLAW_DISABLE_BONJOUR: '1'}
  const trusts = JSON.parse(fs.readFileSync(tap.configFile, 'utf8'))
  trusts.gateway.trustedProxies = ['127.0.0.1']
  fs.writeFileSync(`${tap.configFile}.new`, JSON.stringify(trusts), {mode: 0o600})
  fs.renameSync(`${tap.configFile}.new`, tap.configFile)
  const store = async (): Promise<DeviceStore> => {
    const {store: found, problem} = await readDeviceStore(stateDir, release)
    if (found === null) throw new Error(problem?.title)
    return found
  }
  return {
    tap,
    state,
    env,
    store,
    run: async (argv: readonly string[], more: Record<string, string> = {}): Promise<Ran> => {
      const child = spawn(process.execPath, [bundle, ...argv], {env: {...env, ...more}, cwd: tap.home})
      const ran: Ran = {code: null, stdout: '', stderr: ''}
      child.stdout.on('data', data => (ran.stdout += data))
      child.stderr.on('data', data => (ran.stderr += data))
      child.stdin.end()
      const [code] = await once(child, 'close')
      return {...ran, code}
    },
    paired: async (id: string) => (await store()).paired.find(({deviceId}) => deviceId === id) ?? null,
    journals: () => listJournals(statePlaces({...readHostEnv(), env: {GATECRAB_STATE_DIR: state}})),
    end: async () => {
      const holder = await portHolder({host: '127.0.0.1', port: tap.port})
      tap.end()
      try {
        if (holder !== null) process.kill(holder.pid, 'SIGKILL')
      } catch {
        // It went with its group.
      }
    },
  }
}

type Ground = ReturnType<typeof ground>

/** The gateway takes its proxies over within a moment; until then it answers nobody who comes through one. */
const pending = async ({tap}: Ground, caller: Caller): Promise<string> => {
  let requestId: string | null = null
  await vi.waitUntil(async () => {
    requestId = (await ask(tap, caller, tap.token())).requestId
    return requestId !== null
  }, within)
  return requestId ?? ''
}

const cleanUp: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of cleanUp) await end()
})

const began = async (release: string): Promise<Ground> => {
  await built()
  const made = ground(release)
  cleanUp.push(made.end)
  return made
}

describe.runIf(isOnTap('2026.9.6'))('the devices of a real gateway, 2026.9.6', () => {
  let g: Ground
  beforeAll(async () => {
    g = await began('2026.9.6')
  }, long)

  test(
    'a phone asks, is shown, is approved by us, and its next connection gets in, which the plan sees',
    async () => {
      const kate = phone('Kate')
      const requestId = await pending(g, kate)
      const listed = await g.run(['devices', '--json'])
      expect(listed.code).toBe(1)
      expect(JSON.parse(listed.stdout).pending).toMatchObject([
        {requestId, state: 'waiting', kind: 'new-device', remote: '203.0.113.9', name: "Kate's phone", scopes: ['operator.read']},
      ])
      const approving = g.run(['devices', 'approve', requestId.slice(0, 8), '--yes'])
      let last: Answer | null = null
      await vi.waitUntil(async () => {
        last = await ask(g.tap, kate, g.tap.token())
        return last.isIn
      }, within)
      const {code, stdout} = await approving
      expect([code, stdout]).toEqual([0, expect.stringContaining('has connected since, and was let in')])
      expect(await g.paired(kate.device!.id)).toMatchObject({scopes: ['operator.read'], roles: ['operator'], via: 'owner'})
      expect((await g.store()).pending).toEqual([])
      const {deviceToken} = last!
      expect(deviceToken).toMatch(/^.{20,}$/)
      expect(writtenIn(g.state)).not.toContain(deviceToken)
      const printed = vi.fn()
      await ask(g.tap, kate, g.tap.token(), async () => printed((await g.run(['devices', '--json'])).stdout))
      expect(printed).toHaveBeenCalledWith(expect.not.stringContaining(deviceToken ?? ''))
      const {paired} = JSON.parse(printed.mock.calls[0]?.[0] ?? '{}')
      expect(paired).toMatchObject([{deviceId: kate.device!.id, state: 'connected', connected: true}])
    },
    long,
  )

  test(
    'a request that was replaced since the plan was made is refused with the new id, and nobody gets more',
    async () => {
      const before = await g.paired(deviceOf('Kate').id)
      const first = await pending(g, phone('Kate', ['operator.read', 'operator.write']))
      const shown = await g.run(['devices', 'approve', first, '--dry-run', '--json'])
      const {plan} = JSON.parse(shown.stdout)
      const second = await pending(g, phone('Kate', ['operator.read', 'operator.admin']))
      expect(second).not.toBe(first)
      const again = await g.run(['devices', 'approve', first, '--yes'])
      expect([again.code, again.stderr]).toEqual([64, expect.stringContaining(second)])
      const runner = spawn(process.execPath, [bundle, 'run-plan'], {
        env: g.env,
        cwd: g.tap.home,
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      runner.stdin.end(`${JSON.stringify(plan)}\n`)
      await once(runner, 'close')
      const end = endEntry(g.journals().find(({id}) => id === plan.id)?.entries ?? [])
      expect(end).toMatchObject({
        outcome: 'failed',
        changed: false,
        because: expect.stringContaining(`was replaced by ${second}`),
      })
      expect((await g.paired(deviceOf('Kate').id))?.scopes).toEqual(before?.scopes)
      const rejected = await g.run(['devices', 'reject', second, '--yes'])
      expect([rejected.code, rejected.stdout]).toEqual([0, expect.stringContaining('no longer waits')])
      expect((await g.store()).pending).toEqual([])
      expect((await g.paired(deviceOf('Kate').id))?.scopes).toEqual(before?.scopes)
    },
    long,
  )

  test(
    'a rotated token is refused, a revoked one too, and a removed device is gone',
    async () => {
      const kate = phone('Kate')
      const id = kate.device!.id
      const {deviceToken: first} = await ask(g.tap, kate, g.tap.token())
      expect((await ask(g.tap, kate, first ?? '')).isIn).toBe(true)
      expect(await g.run(['devices', 'rotate', id.slice(0, 8), 'operator', '--yes'])).toMatchObject({code: 0})
      expect((await ask(g.tap, kate, first ?? '')).isIn).toBe(false)
      const {isIn, deviceToken: second} = await ask(g.tap, kate, g.tap.token())
      expect([isIn, second === first]).toEqual([true, false])
      expect(writtenIn(g.state)).not.toContain(second)
      const revoking = vi.fn()
      await ask(g.tap, kate, second ?? '', async () => {
        revoking(await g.run(['devices', 'revoke', id.slice(0, 8), '--yes']))
      })
      expect(revoking).toHaveBeenCalledWith(expect.objectContaining({code: 0}))
      expect((await ask(g.tap, kate, second ?? '')).isIn).toBe(false)
      expect((await g.paired(id))?.tokens[0]?.revokedAt).not.toBeNull()
      const undone = await g.run(['undo', '--dry-run'])
      expect([undone.code, undone.stderr]).toEqual([1, expect.stringContaining('a revoked token does not come back')])
      expect(await g.run(['devices', 'remove', id.slice(0, 8), '--yes'])).toMatchObject({code: 0})
      expect(await g.paired(id)).toBeNull()
      expect(await ask(g.tap, kate, g.tap.token())).toMatchObject({isIn: false, reason: 'not-paired'})
    },
    long,
  )

  test(
    'an approval is undone, and the device is out again',
    async () => {
      const tom = phone('Tom')
      const requestId = await pending(g, tom)
      expect(await g.run(['devices', 'approve', requestId, '--yes'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('it has not connected yet'),
      })
      expect(await g.run(['undo', '--yes'])).toMatchObject({code: 0})
      expect(await g.paired(tom.device!.id)).toBeNull()
      expect((await ask(g.tap, tom, g.tap.token())).isIn).toBe(false)
    },
    long,
  )

  test(
    'kill -9 of the runner, before and after the step that writes: old or new whole, and the way on is one',
    async () => {
      for (const count of [7, 8, 9, 10, 11]) {
        const caller = phone(`killed ${count}`)
        const id = caller.device!.id
        const requestId = await pending(g, caller)
        const killed = await g.run(['devices', 'approve', requestId, '--yes'], {GATECRAB_DIE_AFTER: String(count)})
        expect([count, killed.code]).toEqual([count, 1])
        await vi.waitUntil(async () => {
          const {stdout} = await g.run(['journals', '--json'])
          return JSON.parse(stdout.split('\n')[0] ?? '').next?.do === 'close'
        }, within)
        const isPaired = (await g.paired(id)) !== null
        const waits = (await g.store()).pending.some(one => one.requestId === requestId)
        expect([count, isPaired, waits]).toEqual([count, isPaired, !isPaired])
        expect((await ask(g.tap, caller, g.tap.token())).isIn).toBe(isPaired)
        if (count >= 10) expect([count, isPaired]).toEqual([count, true])
        expect(await g.run(['journals', '--continue', '--yes'])).toMatchObject({code: 0})
        const next = isPaired ? ['devices', 'remove', id, '--yes'] : ['devices', 'reject', requestId, '--yes']
        expect(await g.run(next)).toMatchObject({code: 0})
      }
      expect(g.journals().every(({entries}) => endEntry(entries) !== null)).toBe(true)
    },
    3 * long,
  )

  type Target = {id: string; requestId: string; caller: Caller; token: string}
  type Change = {args: (target: Target) => string[]; isPaired: boolean; isNew: (target: Target) => Promise<boolean>}

  /** What each does where it was done, as it is seen from outside: by the store of the gateway, and by who gets in. */
  const changes: Readonly<Record<string, Change>> = {
    reject: {
      args: ({requestId}) => ['reject', requestId],
      isPaired: false,
      isNew: async ({requestId}) => (await g.store()).pending.every(one => one.requestId !== requestId),
    },
    revoke: {
      args: ({id}) => ['revoke', id, 'operator'],
      isPaired: true,
      isNew: async ({caller, token}) => !(await ask(g.tap, caller, token)).isIn,
    },
    rotate: {
      args: ({id}) => ['rotate', id, 'operator'],
      isPaired: true,
      isNew: async ({caller, token}) => !(await ask(g.tap, caller, token)).isIn,
    },
    remove: {
      args: ({id}) => ['remove', id],
      isPaired: true,
      isNew: async ({id}) => (await g.paired(id)) === null,
    },
  }

  const targetFor = async (name: string, isPaired: boolean): Promise<Target> => {
    const caller = phone(name)
    const requestId = await pending(g, caller)
    const target = {id: caller.device!.id, requestId, caller, token: ''}
    if (!isPaired) return target
    expect(await g.run(['devices', 'approve', requestId, '--yes'])).toMatchObject({code: 0})
    return {...target, token: (await ask(g.tap, caller, g.tap.token())).deviceToken ?? ''}
  }

  test.each(Object.entries(changes))(
    'kill -9 of the runner of %s, entry by entry: old or new whole, and what was cut off can be closed',
    async (action, {args, isPaired, isNew}) => {
      const seen: boolean[] = []
      let isDone = false
      for (let count = 5; !isDone; count += 1) {
        expect(count).toBeLessThan(20)
        const target = await targetFor(`${action} ${count}`, isPaired)
        const ran = await g.run(['devices', ...args(target), '--yes'], {GATECRAB_DIE_AFTER: String(count)})
        isDone = ran.code === 0
        if (!isDone) {
          await vi.waitUntil(async () => {
            const {stdout} = await g.run(['journals', '--json'])
            return JSON.parse(stdout.split('\n')[0] ?? '').next?.do === 'close'
          }, within)
          expect(await g.run(['journals', '--continue', '--yes'])).toMatchObject({code: 0})
        }
        seen.push(await isNew(target))
        const {pending: waiting, paired} = await g.store()
        expect(
          waiting.filter(one => one.deviceId === target.id).length + paired.filter(one => one.deviceId === target.id).length,
        ).toBe(action === 'remove' || action === 'reject' ? (seen.at(-1) ? 0 : 1) : 1)
      }
      // It is old up to the step that writes, and new from there on.
      expect(seen).toEqual(seen.toSorted())
      expect(new Set(seen)).toEqual(new Set([false, true]))
    },
    3 * long,
  )

  test(
    'from the screen: the refusal leads to its request, and the request to the plan',
    async () => {
      const ann = phone('Ann')
      const requestId = await pending(g, ann)
      const screen = openScreen([], {cols: 110, rows: 40, env: g.env})
      await screen.waitFor(/7 Devices/, 60_000)
      screen.press('7')
      await screen.waitFor(/waiting +Ann's phone/, 60_000)
      screen.press('a')
      await screen.waitFor('Type approve and enter to run it', 60_000)
      expect(screen.text()).toContain(`approve request ${requestId.slice(0, 8)}, and no other`)
      screen.type('approve\r')
      await vi.waitUntil(async () => (await ask(g.tap, ann, g.tap.token())).isIn, within)
      await screen.waitFor(/^Done\b/m, 60_000)
      screen.press('esc')
      await screen.waitFor(/paired +Ann's phone/, 60_000)
      screen.press('q')
      await screen.exited
    },
    long,
  )
})

describe.runIf(isOnTap('2026.6.11'))('a release whose command pairs itself, 2026.6.11', () => {
  test(
    'is asked for nothing: the plan says why, and nobody is paired',
    async () => {
      const g = await began('2026.6.11')
      const requestId = await pending(g, phone('Kate'))
      const listed = await g.run(['devices', '--json'])
      expect(JSON.parse(listed.stdout)).toMatchObject({pending: [{requestId}], paired: []})
      const {code, stderr} = await g.run(['devices', 'approve', requestId, '--yes'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('would pair itself first')])
      expect(stderr).toContain(`openclaw devices approve ${requestId}`)
      expect((await g.store()).paired).toEqual([])
    },
    long,
  )
})
