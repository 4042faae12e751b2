import {describe, expect, test} from 'vitest'
import {clientEntries} from '../../src/app/rows/client-entries.ts'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import {createLiveNow, type LiveNow, withProcess} from '../../src/domain/live/live-state.ts'
import {toClient} from '../../src/domain/live/match-clients.ts'
import {emptyVisitHistory, updateVisitHistory, type VisitHistory} from '../../src/domain/live/visit-history.ts'
import {admission, apply, at, clientsOf, refusal} from './event-builders.ts'

const createConnectedClient = (name: string, more: Partial<ConnectedClient> = {}): ConnectedClient => ({
  ...{key: `presence ${name}`, name, displayName: null, mode: null, version: null, platform: null, from: 'local'},
  ...{since: at(10), by: 'presence', process: null, pid: null, user: null, endpoint: null, deviceId: null, attemptId: null},
  ...more,
})

const book = (...looks: readonly (readonly [seconds: number, ...visitors: ConnectedClient[]])[]): VisitHistory =>
  looks.reduce((records, [seconds, ...clients]) => updateVisitHistory(records, clients, at(seconds)), emptyVisitHistory)

const read = (records: VisitHistory) =>
  Array.from(records.values(), ({connectedClients: clients, isIn, visits}) => [clients[0]?.name, isIn, visits])

describe('the guest book', () => {
  test('who comes, goes and comes again is one guest', () => {
    const node = createConnectedClient('node-host')
    expect(read(book([1, node], [2]))).toEqual([['node-host', false, 1]])
    expect(read(book([1, node], [2], [3, {...node, key: 'another visit'}]))).toEqual([['node-host', true, 2]])
  })

  test('two of one kind are one guest with two connections', () => {
    const [one, two] = [createConnectedClient('cli', {key: 'a'}), createConnectedClient('cli', {key: 'b', from: '127.0.0.1'})]
    expect(read(book([1, one, two]))).toEqual([['cli', true, 2]])
  })

  test('a connection that never said who it was is not remembered, one that stayed is', () => {
    const bare = createConnectedClient('curl', {by: 'socket'})
    expect(read(book([1, bare], [2]))).toEqual([])
    expect(read(book([1, bare], [60, bare], [61]))).toEqual([['curl', false, 1]])
  })

  test('a connection that got its name is not two', () => {
    const endpoint = '127.0.0.1:5->127.0.0.1:18789'
    const bare = createConnectedClient('openclaw-node', {by: 'socket', endpoint})
    expect(read(book([1, bare], [60, bare], [61, createConnectedClient('node-host', {endpoint})]))).toEqual([
      ['node-host', true, 1],
    ])
  })

  test('it is no longer than it may be, and keeps who is in', () => {
    const all = Array.from({length: 700}, (_, i) => createConnectedClient(`guest-${i}`))
    const last = all.slice(-3)
    const after = book([1, ...all], [2, ...last])
    expect(after.size).toBe(500)
    expect(
      last.every(({name}) => Array.from(after.values()).some(record => record.isIn && record.connectedClients[0]?.name === name)),
    ).toBe(true)
  })
})

const listening = (clients: readonly ConnectedClient[], more: Partial<LiveNow> = {}): LiveNow => ({
  ...createLiveNow(1),
  connectedClients: clients,
  visitHistory: book([50, ...clients]),
  ...more,
})

const rows = (live: LiveNow, clients = clientsOf(apply([refusal(1, 20)]))) =>
  clientEntries(clients, at(60), live).map(({client, tally, state, since}) => [
    client.identity.id,
    tally?.reason ?? null,
    state,
    since,
  ])

describe('who is in, among the clients of the log', () => {
  const [refused] = clientsOf(apply([refusal(1, 20)]))
  const {id, mode} = refused?.identity ?? {id: null, mode: null}
  const same = (more: Partial<ConnectedClient>) => createConnectedClient(id ?? '', {mode, from: refused?.remote ?? null, ...more})

  test('whoever left no line has a row', () => {
    expect(rows(listening([createConnectedClient('openclaw-macos', {mode: 'ui'})]))).toEqual([
      [id, expect.any(String), 'stuck', null],
      ['openclaw-macos', null, 'in', at(10)],
    ])
  })

  test('whoever comes in after a refusal is back, without a line in the log', () => {
    expect(rows(listening([same({since: at(30)})]))).toEqual([[id, 'token-mismatch', 'back', at(30)]])
  })

  test('whoever was in before is refused all the same', () => {
    expect(rows(listening([same({since: at(10)})]))[0]).toEqual([id, expect.any(String), 'stuck', at(10)])
  })

  test('a connection alone is its client where both are one process', () => {
    const owner = {pid: 77, process: 'home-bridge', user: 'ops', since: at(10)}
    const bare = createConnectedClient('home-bridge', {by: 'socket', pid: 77, since: at(30)})
    const live = listening([bare])
    expect(rows(live)[0]?.[2]).toBe('stuck')
    expect(rows(withProcess(live, refused?.key ?? '', owner)).map(([, , state]) => state)).toEqual(['back'])
  })

  test('an open line in the log is no client where no connection is left of it', () => {
    const clients = clientsOf(apply([admission(1, 20)]))
    expect(clientEntries(clients, at(60)).map(({state}) => state)).toEqual(['in'])
    expect(rows(listening([]), clients).map(([, , state]) => state)).toEqual(['out'])
    const page = createConnectedClient('openclaw-control-ui', {by: 'log', attemptId: clients[0]?.last.id ?? ''})
    expect(rows(listening([page]), clients).map(([, , state]) => state)).toEqual(['in'])
  })

  test('whoever was in and is gone stays as out', () => {
    const records = book([50, createConnectedClient('node-host')], [55])
    expect(rows({...createLiveNow(1), visitHistory: records})).toContainEqual(['node-host', null, 'out', null])
  })

  test('a guest without any visitor is nobody', () => {
    expect(toClient({key: '', connectedClients: [], isIn: false, visits: 0, firstAt: 0, lastAt: 0})).toBeNull()
  })
})
