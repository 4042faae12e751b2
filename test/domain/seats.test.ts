import {describe, expect, test} from 'vitest'
import {clientEntries} from '../../src/app/rows/client-entries.ts'
import {type GuestBook, noGuests, written} from '../../src/domain/live/guest-book.ts'
import {type LiveNow, newLiveNow, withProcess} from '../../src/domain/live/live-now.ts'
import {asClient} from '../../src/domain/live/seats.ts'
import type {Visitor} from '../../src/domain/live/visitor.ts'
import {admission, at, clientsOf, heard, refusal} from './telling.ts'

const visitor = (name: string, more: Partial<Visitor> = {}): Visitor => ({
  ...{key: `presence ${name}`, name, displayName: null, mode: null, version: null, platform: null, from: 'local'},
  ...{since: at(10), by: 'presence', process: null, pid: null, user: null, endpoint: null, deviceId: null, attemptId: null},
  ...more,
})

const book = (...looks: readonly (readonly [seconds: number, ...visitors: Visitor[]])[]): GuestBook =>
  looks.reduce((guests, [seconds, ...visitors]) => written(guests, visitors, at(seconds)), noGuests)

const told = (guests: GuestBook) => Array.from(guests.values(), ({visitors, isIn, visits}) => [visitors[0]?.name, isIn, visits])

describe('the guest book', () => {
  test('who comes, goes and comes again is one guest', () => {
    const node = visitor('node-host')
    expect(told(book([1, node], [2]))).toEqual([['node-host', false, 1]])
    expect(told(book([1, node], [2], [3, {...node, key: 'another visit'}]))).toEqual([['node-host', true, 2]])
  })

  test('two of one kind are one guest with two connections', () => {
    const [one, two] = [visitor('cli', {key: 'a'}), visitor('cli', {key: 'b', from: '127.0.0.1'})]
    expect(told(book([1, one, two]))).toEqual([['cli', true, 2]])
  })

  test('a connection that never said who it was is not remembered, one that stayed is', () => {
    const bare = visitor('curl', {by: 'socket'})
    expect(told(book([1, bare], [2]))).toEqual([])
    expect(told(book([1, bare], [60, bare], [61]))).toEqual([['curl', false, 1]])
  })

  test('a connection that got its name is not two', () => {
    const endpoint = '127.0.0.1:5->127.0.0.1:18789'
    const bare = visitor('openclaw-node', {by: 'socket', endpoint})
    expect(told(book([1, bare], [60, bare], [61, visitor('node-host', {endpoint})]))).toEqual([['node-host', true, 1]])
  })

  test('it is no longer than it may be, and keeps who is in', () => {
    const all = Array.from({length: 700}, (_, i) => visitor(`guest-${i}`))
    const last = all.slice(-3)
    const after = book([1, ...all], [2, ...last])
    expect(after.size).toBe(500)
    expect(last.every(({name}) => Array.from(after.values()).some(guest => guest.isIn && guest.visitors[0]?.name === name))).toBe(
      true,
    )
  })
})

const listening = (visitors: readonly Visitor[], more: Partial<LiveNow> = {}): LiveNow => ({
  ...newLiveNow(1),
  visitors,
  guests: book([50, ...visitors]),
  ...more,
})

const rows = (live: LiveNow, clients = clientsOf(heard([refusal(1, 20)]))) =>
  clientEntries(clients, at(60), live).map(({client, tally, state, since}) => [
    client.identity.id,
    tally?.reason ?? null,
    state,
    since,
  ])

describe('who is in, among the clients of the log', () => {
  const [refused] = clientsOf(heard([refusal(1, 20)]))
  const {id, mode} = refused?.identity ?? {id: null, mode: null}
  const same = (more: Partial<Visitor>) => visitor(id ?? '', {mode, from: refused?.remote ?? null, ...more})

  test('whoever left no line has a row', () => {
    expect(rows(listening([visitor('openclaw-macos', {mode: 'ui'})]))).toEqual([
      [id, expect.any(String), 'stuck', null],
      ['openclaw-macos', null, 'in', at(10)],
    ])
  })

  test('whoever comes in after a refusal is back, without a line in the log', () => {
    expect(rows(listening([same({since: at(30)})]))).toEqual([
      [id, null, 'in', at(30)],
      [id, 'token-mismatch', 'back', at(30)],
    ])
  })

  test('whoever was in before is turned away all the same', () => {
    expect(rows(listening([same({since: at(10)})]))[0]).toEqual([id, expect.any(String), 'stuck', at(10)])
  })

  test('a connection alone is its client where both are one process', () => {
    const owner = {pid: 77, process: 'home-bridge', user: 'ops', since: at(10)}
    const bare = visitor('home-bridge', {by: 'socket', pid: 77, since: at(30)})
    const live = listening([bare])
    expect(rows(live)[0]?.[2]).toBe('stuck')
    expect(rows(withProcess(live, refused?.key ?? '', owner)).map(([, , state]) => state)).toEqual(['in', 'back'])
  })

  test('an open line in the log is no client where no connection is left of it', () => {
    const clients = clientsOf(heard([admission(1, 20)]))
    expect(clientEntries(clients, at(60)).map(({state}) => state)).toEqual(['in'])
    expect(rows(listening([]), clients).map(([, , state]) => state)).toEqual(['out'])
    const page = visitor('openclaw-control-ui', {by: 'log', attemptId: clients[0]?.last.id ?? ''})
    expect(rows(listening([page]), clients).map(([, , state]) => state)).toEqual(['in'])
  })

  test('whoever was in and is gone stays as out', () => {
    const guests = book([50, visitor('node-host')], [55])
    expect(rows({...newLiveNow(1), guests})).toContainEqual(['node-host', null, 'out', null])
  })

  test('a guest without any visitor is nobody', () => {
    expect(asClient({key: '', visitors: [], isIn: false, visits: 0, firstAt: 0, lastAt: 0})).toBeNull()
  })
})
