import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {endpointOf, plainEndpoint, readAddress} from '../../src/domain/live/socket.ts'
import {readLsof} from '../../src/gateway/service/socket-lsof.ts'
import {readNetstat} from '../../src/gateway/service/socket-netstat.ts'
import {accountsIn, hostOf, readProcNet} from '../../src/gateway/service/socket-proc.ts'
import {accountsOf, programOf, programsIn} from '../../src/gateway/service/socket-program.ts'
import {listed, type SocketEnd} from '../../src/gateway/service/socket-table.ts'

const captured = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, '../fixtures/sockets', name), 'utf8')
const port = 35_949

describe('the tables of Linux', () => {
  const v4 = readProcNet(captured('proc-net-tcp.txt'), port)
  const v6 = readProcNet(captured('proc-net-tcp6.txt'), port)

  test('only the gateway port is read, and nothing that lingers', () => {
    expect(v4.map(({state, local, remote, inode, uid}) => [state, local, remote, inode, uid])).toEqual([
      ['listening', {host: '127.0.0.1', port}, null, '480299', 0],
      ['open', {host: '127.0.0.1', port: 38_450}, {host: '127.0.0.1', port}, '490356', 0],
      ['open', {host: '127.0.0.1', port}, {host: '127.0.0.1', port: 38_450}, '494684', 0],
    ])
  })

  test('IPv6', () => {
    expect(v6.filter(({state}) => state === 'listening')).toMatchObject([{local: {host: '::1', port}}])
    expect(listed(v6, port).connections).toMatchObject([{endpoint: `[::1]:59490->[::1]:${port}`, open: true}])
  })

  test('a port that no line has', () => {
    expect(readProcNet(captured('proc-net-tcp.txt'), 9)).toEqual([])
  })

  test.each([
    ['0100007F', '127.0.0.1'],
    ['0A01A8C0', '192.168.1.10'],
    ['00000000000000000000000001000000', '::1'],
    ['0000000000000000FFFF00000A01A8C0', '192.168.1.10'],
    ['000080FE00000000FF005450AB010203', 'fe80::5054:ff:302:1ab'],
  ])('%s is %s', (hex, host) => {
    expect(hostOf(hex)).toBe(host)
  })

  test('accounts', () => {
    expect(accountsIn('root:x:0:0:root:/root:/bin/sh\n# none\nops:x:1000:1000::/home/ops:/bin/sh\n').get(1000)).toBe('ops')
  })
})

describe('lsof', () => {
  test.each(['lsof.txt', 'lsof-with-descriptors.txt'])('%s', name => {
    const {connections, listeners} = listed(readLsof(captured(name)), port)
    expect(listeners).toEqual([
      {pid: 8750, process: 'openclaw-gatewa', user: 'root', host: '127.0.0.1'},
      {pid: 8750, process: 'openclaw-gatewa', user: 'root', host: '::1'},
    ])
    expect(connections.map(({endpoint, open, owner}) => [endpoint, open, owner])).toEqual([
      [`127.0.0.1:38450->127.0.0.1:${port}`, true, {pid: 13_568, process: 'MainThread', user: 'root'}],
      [`[::1]:59490->[::1]:${port}`, true, {pid: 13_569, process: 'MainThread', user: 'root'}],
    ])
  })

  test('a wildcard, a name with a blank, a state nobody knows, no text at all', () => {
    const text = [
      'p7',
      'cGoogle\\x20Chrome',
      'u501',
      'Lops',
      'n*:18789',
      'TST=LISTEN',
      'n10.0.0.2:5->10.0.0.1:18789',
      'TST=CLOSE_WAIT',
    ]
    expect(readLsof(text.join('\n'))).toMatchObject([
      {process: 'Google Chrome', state: 'listening', local: {host: '*', port: 18_789}},
      {state: 'closing', remote: {host: '10.0.0.1', port: 18_789}},
    ])
    expect(readLsof('')).toEqual([])
  })
})

describe('connections', () => {
  const end = (local: string, remote: string | null, more: Partial<SocketEnd> = {}): SocketEnd => ({
    ...{pid: null, process: null, user: null, inode: null, uid: null, state: remote ? 'open' : 'listening'},
    local: readAddress(local) ?? {host: '', port: 0},
    remote: remote ? readAddress(remote) : null,
    ...more,
  })
  const ends = (...all: SocketEnd[]): string[] => listed(all, 18_789).connections.map(({endpoint}) => endpoint)

  test('from another host only its end here is seen, and it has no process', () => {
    const {connections} = listed([end('192.168.1.10:18789', '192.168.1.20:5000', {pid: 1, process: 'openclaw-gateway'})], 18_789)
    expect(connections).toMatchObject([{endpoint: '192.168.1.20:5000->192.168.1.10:18789', owner: null, open: true}])
  })

  test('to the same port of another host is none of ours', () => {
    expect(ends(end('192.168.1.10:5000', '192.168.1.30:18789'))).toEqual([])
  })

  test("of another user's gateway the client's end alone is seen", () => {
    expect(ends(end('127.0.0.1:5000', '127.0.0.1:18789'))).toEqual(['127.0.0.1:5000->127.0.0.1:18789'])
  })

  test('half closed is not open', () => {
    const half = [end('127.0.0.1:5000', '127.0.0.1:18789', {state: 'closing'}), end('127.0.0.1:18789', '127.0.0.1:5000')]
    expect(listed(half, 18_789).connections).toMatchObject([{open: false}])
  })

  test('an endpoint of the log is the same, however it is written', () => {
    const found = endpointOf({host: '127.0.0.1', port: 5000}, {host: '127.0.0.1', port: 18_789})
    expect(plainEndpoint('[::ffff:127.0.0.1]:5000->[::ffff:127.0.0.1]:18789')).toBe(found)
    expect(plainEndpoint('127.0.0.1:5000->127.0.0.1:18789')).toBe(found)
    expect(plainEndpoint('[FE80::1]:1->[::1]:2')).toBe('[fe80::1]:1->[::1]:2')
    expect(plainEndpoint('nonsense')).toBe('nonsense')
  })
})

describe('what a process is called', () => {
  test('whatever it and its account call themselves, nothing of it moves the cursor', () => {
    const hostile = 'a\u001b[2J\u202eb'
    const [end] = readLsof(`p7\nc${hostile}\nL${hostile}\nf5\nn${hostile}127.0.0.1:5->127.0.0.1:6\nTST=ESTABLISHED`)
    expect(end).toMatchObject({process: 'ab', user: 'ab', local: {host: 'ab127.0.0.1', port: 5}})
    expect([...accountsIn(`${hostile}:x:7:7::/:/bin/sh`).values()]).toEqual(['ab'])
  })

  test('a process with a megabyte of arguments is no work', () => {
    expect(programOf(['x'.repeat(1 << 20)], null)).toMatch(/^x+…$/)
    expect(programOf(['node', `${'/a'.repeat(1 << 19)}/index.js`], null)).toBe('node a')
  })

  test.each([
    [['openclaw-gateway', '', ''], 'openclaw-gateway'],
    [['/usr/bin/node', '/srv/bots/monitor.mjs', 'ws://127.0.0.1:1', 'a-token'], 'node monitor.mjs'],
    [
      ['node', '--max-old-space-size=8192', '/opt/lib/node_modules/openclaw/dist/index.js', 'gateway', '--token', 'x'],
      'node openclaw',
    ],
    [['node', '/opt/lib/node_modules/@acme/bridge/dist/cli.js'], 'node @acme/bridge'],
    [['node', '--import', 'tsx', '/home/ops/bot/src/main.ts'], 'node bot'],
    [['node', '-e', 'fetch("http://127.0.0.1?token=secret")'], 'node -e'],
    [['python3', '-m', 'homeassistant'], 'python3 homeassistant'],
    [['python3.12', '/opt/poll.py', '--password', 'x'], 'python3.12 poll.py'],
    [['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '--type=utility'], 'Google Chrome'],
    [['nginx: worker process'], 'nginx'],
    [['/usr/sbin/tailscaled', '--state=x'], 'tailscaled'],
    [['bash', '-c', 'curl -H "Authorization: Bearer secret" …'], 'bash -c'],
    [['', ''], 'kworker'],
  ])('%j', (argv, name) => {
    expect(programOf(argv, 'kworker')).toBe(name)
  })

  test('as ps prints it', () => {
    const printed = [
      '  501 /Applications/OpenClaw.app/Contents/MacOS/OpenClaw',
      '28452 openclaw-gateway',
      ' 7001 /Applications/Google Chrome.app/Contents/Frameworks/Google Chrome Helper.app/Contents/MacOS/Google Chrome Helper --type=utility',
      ' 7002 /opt/homebrew/bin/node /Users/ops/bots/monitor.mjs ws://127.0.0.1:18789 a-token',
      'garbage',
    ].join('\n')
    expect([...programsIn(printed)]).toEqual([
      [501, 'OpenClaw'],
      [28_452, 'openclaw-gateway'],
      [7001, 'Google Chrome'],
      [7002, 'node monitor.mjs'],
    ])
  })
})

describe('netstat of macOS', () => {
  const mac = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/macos/netstat-macos26.txt'), 'utf8')

  test('names the process of each listener, whoever it belongs to', () => {
    expect(readNetstat(mac, 5173)).toEqual([
      {
        ...{local: {host: '127.0.0.1', port: 5173}, remote: null, state: 'listening', inode: null},
        ...{pid: 13_942, process: 'node', uid: null, user: null},
      },
    ])
    expect(readNetstat(mac, 65_193)).toMatchObject([{local: {host: '*'}, process: 'Python', pid: 27_328}])
    expect(readNetstat(mac, 443)).toMatchObject([{state: 'open', process: 'telemetryd_v2', pid: 89_468}])
    expect(readNetstat(mac, 1)).toEqual([])
  })

  test('a name with a blank, and an address of IPv6', () => {
    const line =
      'tcp6       0      0  ::1.18789              fe80::1%lo0.50123      ESTABLISHED          250         2101  131328  131376 Google Chrome He:894    00182 00000008'
    expect(readNetstat(`${mac}${line}\n`, 18_789)).toMatchObject([
      {local: {host: '::1', port: 18_789}, remote: {host: 'fe80::1', port: 50_123}, process: 'Google Chrome He', pid: 894},
    ])
  })

  test('up to macOS 15 the pid stands in a column of its own', () => {
    const older = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)      rhiwat  shiwat    pid   epid state  options
tcp46      0      0  *.18789                *.*                    LISTEN       131072  131072   3824      0 00100 00000006
tcp4       0      0  127.0.0.1.50123        127.0.0.1.18789        TIME_WAIT    131072  131072      0      0 00100 00000006
`
    expect(readNetstat(older, 18_789)).toMatchObject([
      {local: {host: '*', port: 18_789}, state: 'listening', pid: 3824, process: null},
      {state: 'closing', pid: null},
    ])
  })

  test('what is in another form is not taken for an empty list', () => {
    expect(readNetstat('Active Internet connections\nProto Recv-Q Send-Q Local Address Foreign Address State\n', 1)).toBeNull()
    expect(readNetstat('', 1)).toBeNull()
  })

  test('whose a process is, by ps', () => {
    expect(accountsOf('  502   501 ops\n    1     0 root\nPID UID USER\n')).toEqual(
      new Map([
        [502, {uid: 501, user: 'ops'}],
        [1, {uid: 0, user: 'root'}],
      ]),
    )
  })
})

describe('lsof of a Mac, as captured', () => {
  const mac = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, '../fixtures/macos', name), 'utf8')

  test('a listener on any address, and a client of that port', () => {
    const {connections, listeners} = listed(readLsof(mac('lsof-fields.txt')), 5252)
    expect(listeners).toMatchObject([{pid: 4711, process: 'xctest', host: '*'}])
    expect(connections).toEqual([])
  })
})
