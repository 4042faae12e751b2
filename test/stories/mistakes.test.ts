import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {problemsOf, verdictFor} from '../../src/domain/diagnosis/all-problems.ts'
import {unknownLife} from '../../src/domain/gateway-lifecycle.ts'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import {createLiveNow, type LiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved, type Observed} from '../../src/domain/live/observed.ts'
import {emptyVisitHistory, updateVisitHistory} from '../../src/domain/live/visit-history.ts'
import type {ServiceFacts} from '../../src/domain/service/service.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {readFrame} from '../../src/gateway/frames/frames.ts'
import {copy} from '../domain/token-copies.ts'
import {captured, eventsFrom, rawLines, readLines} from './captures.ts'

/** The lines of those connections of a capture that a word tells of, as a log of their own. */
const only = (story: string, word: RegExp, trustedProxies: readonly string[] = []): World => {
  const raw = rawLines(`${captured('2026.9.6', story)}.jsonl`)
  const conns = new Set(raw.filter(line => word.test(line)).flatMap(line => /conn=([\w-]{8})/.exec(line)?.[1] ?? []))
  const lines = raw.filter(line => conns.has(/conn=([\w-]{8})/.exec(line)?.[1] ?? '') || (conns.size === 0 && word.test(line)))
  expect(lines.length).toBeGreaterThan(0)
  return eventsFrom(readLines(lines), trustedProxies).world
}

const until = (story: string, word: RegExp): World => {
  const raw = rawLines(`${captured('2026.9.6', story)}.jsonl`)
  return eventsFrom(readLines(raw.slice(0, raw.findLastIndex(line => word.test(line)) + 1))).world
}

type ExpectedState = {live?: LiveNow; service?: ServiceFacts; copies?: Parameters<typeof problemsOf>[0]['copies']}

const read = (world: World, {live, service, copies = null}: ExpectedState = {}) =>
  problemsOf({
    ...{world, now: world.newestAt ?? 0, sources: [], live: live ?? null, copies, agents: []},
    service: service ? {facts: service, before: null} : null,
  })

const ids = (...args: Parameters<typeof read>): string[] => read(...args).map(({id}) => id)

const seen = (at: number, observed: Partial<Observed>, clients: readonly ConnectedClient[] = []): LiveNow => ({
  ...createLiveNow(1),
  observed: {...initialObserved(0), state: 'up', upSince: 1, bootedAt: 1, ...observed},
  connectedClients: clients,
  visitHistory: updateVisitHistory(emptyVisitHistory, clients, at),
})

const createConnectedClient = (name: string, more: Partial<ConnectedClient>): ConnectedClient => ({
  ...{key: name, name, displayName: null, mode: null, version: null, platform: null, from: 'local', since: 1},
  ...{by: 'presence', process: null, pid: null, user: null, endpoint: null, deviceId: null, attemptId: null},
  ...more,
})

const frames = (name: string) =>
  fs
    .readFileSync(path.join(import.meta.dirname, `../fixtures/frames/${name}.ndjson`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(readFrame)

describe('the classic mistakes, told apart', () => {
  test('no token is sent', () => {
    const found = read(only('default-level', /reason=token_missing/))
    expect(found.map(({id}) => id)).toEqual(['token-missing'])
    expect(found[0]).toMatchObject({
      layer: 'gateway',
      harm: 'broken',
      evidence: expect.arrayContaining([expect.objectContaining({file: 'log'})]),
    })
    expect(verdictFor(found)).toBe('broken')
  })

  test('another token is sent than the gateway takes', () => {
    expect(ids(only('default-level', /client=cli .*reason=token_mismatch/))).toEqual(['token-mismatch'])
  })

  test('a proxy does not pass on who it speaks for', () => {
    expect(ids(only('trusted-proxy', /trusted_proxy_missing_header/))[0]).toMatch(/^trusted-proxy-missing-header/)
    expect(ids(only('trusted-proxy', /trusted_proxy_user_missing/))[0]).toBe('trusted-proxy-user-missing')
  })

  test('a proxy is not trusted, which says nothing of any token', () => {
    const [line] = readLines(
      rawLines(`${captured('2026.9.6', 'default-level')}.jsonl`).filter(raw => /proxy-shaped traffic/.test(raw)),
    )
    const once = line === undefined ? [] : [line]
    expect(read(eventsFrom(once).world)).toEqual([])
    const found = read(eventsFrom([...once, ...once]).world)
    expect(found.map(({id, harm}) => [id, harm])).toEqual([['proxy-not-trusted', 'note']])
    expect(found[0]).toMatchObject({layer: 'network', tryThis: expect.stringContaining('do not add it')})
    expect(verdictFor(found)).toBe('ok')
  })

  test('a page in an insecure context cannot make a device key', () => {
    expect(ids(only('default-level', /control-ui-insecure-auth/))).toEqual(['control-ui-insecure-auth'])
  })

  test('one client with two identities: in by its device, refused with the old shared token', () => {
    const world = until('token-rotation', /client=openclaw-control-ui webchat .*reason=token_mismatch/)
    const now = world.newestAt ?? 0
    const origin = createConnectedClient('openclaw-control-ui', {mode: 'webchat', from: '127.0.0.1', since: now - 60_000})
    expect(ids(world, {live: seen(now, {}, [origin])})).toContain('two-identities')
    expect(ids(world)).not.toContain('two-identities')
  })

  test('only clients of other hosts fail: the gateway and its token are well', () => {
    const world = only('pairing', /203\.0\.113\.9/, ['127.0.0.1'])
    const now = world.newestAt ?? 0
    const local = createConnectedClient('openclaw-logs', {by: 'socket', process: 'openclaw-logs', from: '127.0.0.1'})
    const found = read(world, {live: seen(now, {}, [local])})
    expect(found.map(({id}) => id)).toContain('only-from-elsewhere')
    expect(found[0]?.id).toBe('not-paired')
    expect(ids(world)).not.toContain('only-from-elsewhere')
  })

  test('the variable of a container overrides the token of the config', () => {
    const copies = [copy('container-env', 'b', {wins: true}), copy('config', 'a', {verdict: 'differs'})]
    const found = read(createWorld(), {copies: {copies, tokenProblems: []}})
    expect(found.map(({id}) => id)).toEqual(['token-overridden'])
    expect(found[0]).toMatchObject({see: ['/container-env', '/config']})
    expect(ids(createWorld(), {copies: {copies: [copy('config', 'a', {wins: true})], tokenProblems: []}})).toEqual([])
  })

  test('the gateway that runs is not the one that is installed', () => {
    const [, hello] = frames('2026.9.6-in')
    expect(hello?.kind).toBe('hello')
    const live = seen(0, hello?.kind === 'hello' ? {hello: hello.hello} : {})
    const installed = (version: string): ServiceFacts => ({
      ...{at: 0, unasked: [], port: 18_789, shell: null, environment: null, exposure: null, files: []},
      holders: [{pid: 10, process: 'openclaw-gateway', user: 'ops', uid: 501, runtime: null, parents: [1], host: '127.0.0.1'}],
      supervisors: [
        {
          ...{kind: 'systemd', domain: 'user', name: 'openclaw-gateway.service', file: '/unit', alsoFiles: [], isLoaded: true},
          ...{
            isEnabled: true,
            state: 'active',
            isRunning: true,
            pid: 10,
            runs: 1,
            lastExit: null,
            hasFailed: false,
            variables: [],
          },
          program: {runtime: 'node', entry: '/x', version, port: 18_789, hasTokenFlag: false},
        },
      ],
    })
    expect(ids(createWorld(), {live, service: installed('2026.10.1')})).toEqual(['stale-daemon'])
    expect(ids(createWorld(), {live, service: installed('2026.9.6')})).toEqual([])
  })

  test('a gateway that is too busy lets handshakes time out, and nobody was refused', () => {
    const world = only('default-level', /handshake timeout/)
    const busy = frames('2026.9.6-rotated').flatMap(frame => ('health' in frame && frame.health ? [frame.health] : []))
    const [health] = busy.filter(({eventLoop}) => eventLoop?.degraded)
    expect(health).toBeDefined()
    const found = read(world, {live: seen(0, {health: health ?? null})})
    expect(found.map(({id}) => id)).toContain('event-loop-busy')
    expect(found.find(({id}) => id === 'event-loop-busy')).toMatchObject({
      layer: 'lifecycle',
      because: expect.stringMatching(/^It says so itself: cpu\..* handshakes? timed out, which looks like a refused sign-in/),
      tryThis: expect.stringMatching(/^Leave the tokens alone/),
    })
  })

  test('a status that says unreachable for want of a right', () => {
    const found = read(only('default-level', /errorMessage=missing scope/))
    expect(found.map(({id}) => id)).toEqual(['scope-missing'])
    expect(found[0]).toMatchObject({harm: 'note', tryThis: expect.stringContaining('A new token would not help')})
    expect(verdictFor(found)).toBe('ok')
  })

  test('what nobody looked at is no problem, and no proof of health', () => {
    const world = {...createWorld(), life: unknownLife()}
    expect(ids(world)).toEqual([])
    expect(ids(world, {live: createLiveNow(1)})).toEqual([])
  })
})

describe('the most harmful goes first, each once', () => {
  test('a gateway that is gone goes before whom it refused', () => {
    const world = only('default-level', /reason=token_missing/)
    const at = world.newestAt ?? 0
    const lastEnd = {how: 'cut', code: 1006, text: '', at: at - 1000} as const
    const live = seen(at, {state: 'gone', upSince: null, lastEnd, because: 'killed or crashed'})
    const found = read(world, {live: {...live, table: {problem: null, at, port: 1, connections: [], listeners: [], tookMs: 1}}})
    expect(found.map(({id, harm}) => [id, harm])).toEqual([
      ['gateway-killed', 'broken'],
      ['token-missing', 'note'],
    ])
  })

  test('our own refusal is a problem of the copies on this host', () => {
    const refusal = {code: 'AUTH_TOKEN_MISMATCH', text: 'unauthorized', at: 5}
    const live = seen(0, {state: 'refused', upSince: null, refusal, because: 'unauthorized (AUTH_TOKEN_MISMATCH)'})
    expect(read(createWorld(), {live})).toMatchObject([{id: 'token-here-refused', layer: 'gateway', harm: 'soon'}])
  })
})
