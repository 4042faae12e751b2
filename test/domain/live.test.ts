import {describe, expect, test} from 'vitest'
import {type Attempt, createAttempt} from '../../src/domain/attempts/attempt.ts'
import {type ConnectedClient, ownInstance, type Presence} from '../../src/domain/live/connected-client.ts'
import {createLiveMemory, findConnectedClients, type LiveInputs} from '../../src/domain/live/live.ts'
import {initialObserved, type Observed} from '../../src/domain/live/observed.ts'
import type {Connection, SocketTable} from '../../src/domain/live/socket.ts'

const port = 18_789
const gatewayPid = 100
const ownPid = 7

const line = (more: Partial<Presence>): Presence => ({
  ...{clientId: null, host: null, mode: null, version: null, platform: null, ip: null, deviceId: null, instanceId: null},
  ...{roles: [], reason: 'connect', onlineSince: null, at: 0},
  ...more,
})
const self = line({host: 'mini', mode: 'gateway', reason: 'self'})
const macApp = line({clientId: 'openclaw-macos', host: 'Studio', mode: 'ui', version: '2026.9.6', at: 900, onlineSince: 800})
const node = line({clientId: 'node-host', mode: 'node', deviceId: 'd1', at: 950})
const page = line({clientId: 'openclaw-control-ui', mode: 'webchat', version: '1.2.3', at: 990})

const socket = (clientPort: number, process: string | null, more: Partial<Connection> = {}): Connection => ({
  endpoint: `127.0.0.1:${clientPort}->127.0.0.1:${port}`,
  client: {host: '127.0.0.1', port: clientPort},
  gateway: {host: '127.0.0.1', port},
  open: true,
  owner: {pid: clientPort, process, user: 'ops'},
  firstSeen: 1000,
  notYetAt: null,
  ...more,
})

/** What is heard at one moment, and who is in by then. */
const house = () => {
  let live = createLiveMemory
  return (result: {
    at?: number
    presence?: Presence[] | null
    sockets?: Connection[] | null
    open?: Attempt[]
    recent?: Attempt[]
    observed?: Partial<Observed>
    table?: Partial<SocketTable>
  }): ConnectedClient[] => {
    const {at = 1000, presence = null, sockets = null, open = [], recent = []} = result
    const isUp = presence !== null
    const observed: Observed = {
      ...initialObserved(0),
      state: isUp ? 'up' : 'off',
      upSince: isUp ? 1 : null,
      presence,
      ...result.observed,
    }
    const table: SocketTable | null = sockets && {
      ...{problem: null, at, port, connections: sockets, tookMs: 1},
      listeners: [{pid: gatewayPid, process: 'openclaw-gateway', user: 'ops', host: '127.0.0.1'}],
      ...result.table,
    }
    const all: LiveInputs = {observed, table, open, recent, ownPid, at}
    const found = findConnectedClients(live, all)
    live = found.live
    return found.connectedClients
  }
}

const attempt = (more: Partial<Attempt>): Attempt => ({
  ...createAttempt('a1', 1000),
  outcome: 'connected',
  client: {id: 'openclaw-control-ui', mode: 'webchat', version: '1.2.3', platform: 'web', displayName: null},
  remote: '127.0.0.1',
  ...more,
})

const names = (clients: readonly ConnectedClient[]): (string | number | null)[][] =>
  clients.map(({name, by, process}) => [name, by, process]).toSorted()

describe('one ear alone', () => {
  test('the list of the gateway, without the gateway and without us', () => {
    const ours = line({clientId: 'cli', host: 'gatecrab', instanceId: ownInstance})
    const gone = line({clientId: 'openclaw-ios', reason: 'disconnect'})
    const clients = house()({presence: [self, macApp, ours, gone]})
    expect(clients).toMatchObject([
      {
        name: 'openclaw-macos',
        displayName: 'Studio',
        mode: 'ui',
        version: '2026.9.6',
        from: 'local',
        since: 800,
        by: 'presence',
        pid: null,
      },
    ])
  })

  test('the sockets, without the gateway talking to itself and without us', () => {
    const sockets = [
      socket(1, 'openclaw-tui'),
      socket(2, 'openclaw-gateway', {owner: {pid: gatewayPid, process: 'openclaw-gateway', user: 'ops'}}),
    ]
    const ours = socket(3, 'node gatecrab', {owner: {pid: ownPid, process: 'node', user: 'ops'}})
    expect(house()({sockets: [...sockets, ours]})).toMatchObject([
      {
        name: 'openclaw-tui',
        by: 'socket',
        process: 'openclaw-tui',
        pid: 1,
        user: 'ops',
        mode: null,
        since: null,
        from: '127.0.0.1',
      },
    ])
  })

  test('ours is known by its port where no process is told', () => {
    expect(house()({sockets: [socket(4, null, {owner: null})], observed: {ownPort: 4}})).toEqual([])
  })

  test('half closed is not in, and a socket from afar has an address only', () => {
    const afar = socket(9, null, {
      owner: null,
      client: {host: '192.168.1.20', port: 9},
      endpoint: `192.168.1.20:9->192.168.1.10:${port}`,
    })
    expect(house()({sockets: [socket(1, 'node x', {open: false}), afar]})).toMatchObject([
      {name: 'unknown', from: '192.168.1.20', process: null, by: 'socket'},
    ])
  })

  test('a log that tells everything tells of us, too', () => {
    const cli = {id: 'cli', mode: 'cli', version: '1', platform: 'linux', displayName: null}
    const ours = [
      attempt({id: '713871f3…59a7', client: cli}),
      attempt({id: 'b', client: cli, endpoint: `127.0.0.1:4->127.0.0.1:${port}`}),
      attempt({id: 'c', client: cli, userAgent: 'gatecrab/1'}),
    ]
    const hello = {...({} as NonNullable<Observed['hello']>), connId: '713871f3-d79e-4cef-87bc-b8fe846b59a7'}
    const others = [attempt({id: 'd', client: cli})]
    expect(house()({open: [...ours, ...others], observed: {ownPort: 4, hello}}).map(({attemptId}) => attemptId)).toEqual(['d'])
  })

  test('the log', () => {
    expect(house()({open: [attempt({})]})).toMatchObject([{name: 'openclaw-control-ui', by: 'log', since: 1000, attemptId: 'a1'}])
  })
})

describe('several ears, nobody twice', () => {
  test('each by what it is called and by the process that it must be', () => {
    const sockets = [socket(1, 'OpenClaw'), socket(2, 'Google Chrome'), socket(3, 'node openclaw')]
    const clients = house()({presence: [self, macApp, node, page], sockets})
    expect(names(clients)).toEqual([
      ['node-host', 'presence', 'node openclaw'],
      ['openclaw-control-ui', 'presence', 'Google Chrome'],
      ['openclaw-macos', 'presence', 'OpenClaw'],
    ])
  })

  test('a command line client writes no line and is on no list: the system alone knows it', () => {
    const sockets = [socket(1, 'OpenClaw'), socket(2, 'openclaw-tui')]
    expect(names(house()({presence: [self, macApp], sockets}))).toEqual([
      ['openclaw-macos', 'presence', 'OpenClaw'],
      ['openclaw-tui', 'socket', 'openclaw-tui'],
    ])
  })

  test('which of two it is stays open, and still nobody is counted twice', () => {
    const clients = house()({presence: [self, node], sockets: [socket(1, 'node a.mjs'), socket(2, 'node b.mjs')]})
    expect(clients).toHaveLength(2)
    expect(clients[0]).toMatchObject({name: 'node-host', process: null, endpoint: null})
  })

  test('of two tabs of one browser the process is sure', () => {
    const owner = {pid: 50, process: 'Google Chrome', user: 'ops'}
    const clients = house()({presence: [self, page, page], sockets: [socket(1, null, {owner}), socket(2, null, {owner})]})
    expect(clients.map(({name, pid, endpoint}) => [name, pid, endpoint])).toEqual([
      ['openclaw-control-ui', 50, null],
      ['openclaw-control-ui', 50, null],
    ])
    expect(new Set(clients.map(({key}) => key)).size).toBe(2)
  })

  test('whoever comes after the last look waits for the next one, and takes no older connection', () => {
    const apply = house()
    const old = socket(1, 'node old.mjs', {firstSeen: 1000, notYetAt: null})
    apply({presence: [self], sockets: [old]})
    const late = apply({at: 9000, presence: [self, {...node, at: 9000}], sockets: [old], table: {at: 8000}})
    expect(names(late)).toEqual([
      ['node old.mjs', 'socket', 'node old.mjs'],
      ['node-host', 'presence', null],
    ])
    const fresh = socket(2, 'node new.mjs', {firstSeen: 9100, notYetAt: 8000})
    expect(names(apply({at: 9100, presence: [self, {...node, at: 9000}], sockets: [{...old, notYetAt: 500}, fresh]}))).toEqual([
      ['node old.mjs', 'socket', 'node old.mjs'],
      ['node-host', 'presence', 'node new.mjs'],
    ])
  })

  test('what was clear once stays clear when others come', () => {
    const apply = house()
    const first = socket(1, 'node a.mjs')
    apply({presence: [self, node], sockets: [first]})
    const clients = apply({
      at: 1500,
      presence: [self, node],
      sockets: [first, socket(2, 'node b.mjs', {firstSeen: 1400, notYetAt: 1000})],
    })
    expect(clients).toMatchObject([
      {name: 'node-host', pid: 1, endpoint: first.endpoint},
      {name: 'node b.mjs', pid: 2},
    ])
  })

  test('an address of its own: through a proxy here, or straight', () => {
    const far = {...page, ip: '100.64.0.7'}
    expect(house()({presence: [self, far], sockets: [socket(1, 'tailscaled')]})).toMatchObject([
      {name: 'openclaw-control-ui', from: '100.64.0.7', process: 'tailscaled'},
    ])
    const direct = socket(2, null, {
      owner: null,
      client: {host: '100.64.0.7', port: 2},
      endpoint: `100.64.0.7:2->100.64.0.1:${port}`,
    })
    expect(house()({presence: [self, far], sockets: [direct]})).toMatchObject([{from: '100.64.0.7', endpoint: direct.endpoint}])
  })

  test('a browser stands in the log, on the list and in the table, and is one', () => {
    const clients = house()({presence: [self, page], sockets: [socket(1, 'firefox')], open: [attempt({})]})
    expect(clients).toMatchObject([{name: 'openclaw-control-ui', by: 'log', attemptId: 'a1', process: 'firefox', pid: 1}])
  })

  test('a line of the log with an endpoint is that connection', () => {
    const endpoint = `[::ffff:127.0.0.1]:2->[::ffff:127.0.0.1]:${port}`
    const cli = attempt({endpoint, client: {id: 'cli', mode: 'cli', version: '1', platform: 'linux', displayName: null}})
    expect(names(house()({sockets: [socket(1, 'node a'), socket(2, 'node b')], open: [cli]}))).toEqual([
      ['cli', 'log', 'node b'],
      ['node a', 'socket', 'node a'],
    ])
  })

  test('one that has just been refused is not in', () => {
    const no = attempt({outcome: 'refused', endedAt: 1000, endpoint: `127.0.0.1:2->127.0.0.1:${port}`})
    expect(house()({sockets: [socket(2, 'node b')], recent: [no]})).toEqual([])
    const other = {...no, at: -900_000, endedAt: -900_000}
    expect(house()({sockets: [socket(2, 'node b')], recent: [other]})).toHaveLength(1)
  })
})

describe('who left', () => {
  test('says goodbye on the list: the connection that follows is not taken for somebody new', () => {
    const apply = house()
    const sockets = [socket(1, 'node a.mjs')]
    apply({presence: [self, node], sockets})
    expect(apply({at: 1100, presence: [self, {...node, reason: 'disconnect'}], sockets})).toEqual([])
  })

  test('a connection that is gone takes its line of the log with it', () => {
    const cli = attempt({endpoint: `127.0.0.1:2->127.0.0.1:${port}`})
    expect(house()({at: 9000, sockets: [], open: [cli]})).toEqual([])
  })

  test('nobody is in a gateway that is gone', () => {
    expect(house()({open: [attempt({})], observed: {state: 'gone'}})).toEqual([])
    expect(house()({sockets: [], table: {listeners: []}, open: [attempt({})]})).toEqual([])
  })

  test('while we are not let in ourselves, connections keep the names they had', () => {
    const apply = house()
    const sockets = [socket(1, 'OpenClaw')]
    apply({presence: [self, macApp], sockets})
    expect(apply({at: 2000, presence: null, sockets})).toMatchObject([{name: 'openclaw-macos', pid: 1}])
  })

  test('a release that forgets after five minutes who does nothing does not make them leave', () => {
    const apply = house()
    const sockets = [socket(1, 'OpenClaw')]
    apply({presence: [self, macApp], sockets})
    expect(apply({at: 400_000, presence: [self], sockets})).toMatchObject([{name: 'openclaw-macos', by: 'presence', pid: 1}])
    expect(apply({at: 400_001, presence: [self], sockets: []})).toEqual([])
  })
})
