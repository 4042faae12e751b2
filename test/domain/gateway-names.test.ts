import {execFileSync} from 'node:child_process'
import {describe, expect, test} from 'vitest'
import {addressPatterns, addressText, destinationOf, isMachine} from '../../src/domain/live/gateway-names.ts'

const expected = {port: 18789, names: ['mini', 'mini.local', '100.64.0.7', 'fe80::7'], operatorNames: ['gw.example.org']}

describe('where an address leads, seen from the host of the gateway', () => {
  test.each([
    ['ws://127.0.0.1:18789', 'here'],
    ['ws://localhost:18789/', 'here'],
    ['ws://[::1]:18789', 'here'],
    ['ws://0.0.0.0:18789', 'here'],
    ['ws://MINI.local.:18789', 'here'],
    ['ws://100.64.0.7:18789', 'here'],
    ['http://[fe80::7]:18789', 'here'],
    ['wss://gw.example.org', 'here'],
    ['ws://127.0.0.1:19001', 'elsewhere'],
    ['ws://mini:19001', 'elsewhere'],
    ['ws://100.64.0.8:18789', 'elsewhere'],
    ['wss://mini', 'unknown'],
    ['ws://other:18789', 'unknown'],
    ['ftp://mini:18789', 'unknown'],
    ['nonsense', 'unknown'],
  ] as const)('%s: %s', (url, leads) => {
    expect(destinationOf(url, expected, null)).toBe(leads)
  })

  test('a name goes by what it stands for', () => {
    expect(destinationOf('ws://other:18789', expected, ['100.64.0.7'])).toBe('here')
    expect(destinationOf('ws://other:18789', expected, ['100.64.0.9'])).toBe('elsewhere')
    expect(destinationOf('ws://other:18789', expected, [])).toBe('unknown')
    expect(destinationOf('wss://other', expected, ['100.64.0.7'])).toBe('unknown')
  })

  test('the usual port of the protocol is a port like others', () => {
    expect(destinationOf('wss://mini', {...expected, port: 443}, null)).toBe('here')
  })
})

test('an address is told without what may be secret in it', () => {
  expect(addressText('wss://ops:hunter2@mini:1/path?token=hunter2')).toBe('wss://mini:1')
  expect(addressText('hunter2')).not.toContain('hunter2')
})

describe('what another machine may call it', () => {
  const matches = (url: string): boolean =>
    execFileSync(
      '/bin/sh',
      ['-c', `case "$1" in ${addressPatterns(expected).join('|')}) echo yes ;; *) echo no ;; esac`, 'sh', url],
      {
        encoding: 'utf8',
      },
    ).trim() === 'yes'

  test.each([
    ['ws://mini:18789', true],
    ['wss://mini.local:18789/', true],
    ['ws://[fe80::7]:18789', true],
    ['wss://gw.example.org/ws', true],
    ['wss://gw.example.org:8443', true],
    ['ws://mini:1878', false],
    ['ws://mini:187890', false],
    ['ws://127.0.0.1:18789', false],
    ['ws://other:18789', false],
    ['', false],
  ] as const)('%s: %s', (url, query) => {
    expect(matches(url)).toBe(query)
  })

  test('loopback means the machine itself, unless a person says that it is a tunnel', () => {
    const names = {port: 1, names: ['127.0.0.1', '::1'], operatorNames: []}
    expect(addressPatterns(names)).toEqual([])
    expect(addressPatterns({...names, operatorNames: ['127.0.0.1']})).toContain('ws://127.0.0.1:*')
  })

  test('nothing that a shell would take for more than a name', () => {
    expect(addressPatterns({port: 1, names: ['$(id)', 'a b', '*'], operatorNames: ['x;y']})).toEqual([])
  })
})

test.each([
  ['mini', true],
  ['ops@mini.local', true],
  ['ops@[::1]', true],
  ['-oProxyCommand=id', false],
  ['ops@-oProxyCommand=id', false],
  ['mini id', false],
  ['', false],
])('a machine, or more than its name: %s', (host, query) => {
  expect(isMachine(host)).toBe(query)
})
