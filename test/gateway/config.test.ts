import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {readConfig, withIncludes} from '../../src/gateway/config.ts'

const defaultPort = 18789

const nothing = {release: null, port: defaultPort, logFile: null, hasTls: false, certPath: null, trustedProxies: [], remote: null}

describe('openclaw.json', () => {
  test('JSON5, with comments, single quotes and trailing commas', () => {
    const text = `// made by hand
    {
      meta: {lastTouchedVersion: '2026.9.6'},
      gateway: {port: 19_441, /* the lab */ auth: {token: 'secret'}},
      logging: {file: "/var/log/openclaw.jsonl",},
    }`.replace('19_441', '19441')
    expect(readConfig(text)).toEqual({...nothing, release: '2026.9.6', port: 19441, logFile: '/var/log/openclaw.jsonl'})
  })

  test('an included section is merged, below the keys of the file that includes it', () => {
    const files: Record<string, unknown> = {
      '/etc/oc/gateway.json5': {$include: './ports.json5', tls: {enabled: true}, port: 5},
      '/etc/oc/ports.json5': {port: 4, trustedProxies: ['10.0.0.1']},
    }
    const whole = (tree: unknown) =>
      withIncludes(tree, '/etc/oc/openclaw.json', (name, from) => {
        const file = path.resolve(path.dirname(from), name)
        return files[file] === undefined ? null : {tree: files[file], file}
      })
    const included = '{gateway: {$include: "./gateway.json5"}, logging: {$include: ["missing.json5"], file: "/a.log"}}'
    expect(readConfig(included, whole)).toMatchObject({port: 5, hasTls: true, trustedProxies: ['10.0.0.1'], logFile: '/a.log'})
    expect(readConfig('{gateway: {$include: "./gateway.json5", port: 6}}', whole)).toMatchObject({port: 6})
    files['/etc/oc/ports.json5'] = {$include: './gateway.json5'}
    expect(readConfig(included, whole)).toMatchObject({port: 5})
  })

  test('what is not said has its default', () => {
    expect(readConfig('{}')).toEqual(nothing)
    expect(readConfig('{"gateway": {}, "logging": {}, "meta": {}}')).toEqual(nothing)
  })

  test.each([
    '{gateway: {port: "18789"}}',
    '{gateway: {port: -1}}',
    '{gateway: {port: 1.5}}',
    '{gateway: 7}',
    '{gateway: null}',
    '{logging: {file: ""}}',
    '{logging: {file: 12}}',
    '{logging: []}',
    '{meta: {lastTouchedVersion: 20}}',
    '{meta: "2026.9.6"}',
  ])('a value of a wrong type is as one that is absent: %s', text => {
    expect(readConfig(text)).toEqual(nothing)
  })

  test('one wrong value does not hide the others', () => {
    expect(readConfig('{gateway: {port: "x"}, logging: {file: "/a.log"}, meta: {lastTouchedVersion: "2026.8.2"}}')).toEqual({
      ...nothing,
      release: '2026.8.2',
      logFile: '/a.log',
    })
  })

  test('whom it lets speak for others', () => {
    expect(readConfig('{gateway: {trustedProxies: ["10.0.0.0/8", "::1"]}}')).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '::1'],
    })
    expect(readConfig('{gateway: {trustedProxies: "10.0.0.0/8"}}')).toMatchObject({trustedProxies: []})
  })

  test('that it speaks TLS, and where its certificate is', () => {
    expect(readConfig('{gateway: {tls: {enabled: true, certPath: "/c.pem"}}}')).toEqual({
      ...nothing,
      hasTls: true,
      certPath: '/c.pem',
    })
    expect(readConfig('{gateway: {tls: {enabled: "yes"}}}')).toEqual(nothing)
  })

  test('the gateway elsewhere that this machine is a client of', () => {
    const outputOf = (mode: string) => `{gateway: {mode: "${mode}", remote: {url: "wss://a.example", tlsFingerprint: "AB:CD"}}}`
    expect(readConfig(outputOf('remote'))).toEqual({...nothing, remote: {url: 'wss://a.example', fingerprint: 'AB:CD'}})
    expect(readConfig(outputOf('local'))).toEqual(nothing)
    expect(readConfig('{gateway: {mode: "remote"}}')).toEqual(nothing)
    expect(readConfig('{gateway: {mode: "remote", remote: {url: 7}}}')).toEqual(nothing)
  })

  test.each(['', '{', '{"gateway": {"port": 187', 'not json', '\u0000', '{"a": }'])('half written or none at all: %j', text => {
    expect(readConfig(text)).toEqual({problem: expect.stringMatching(/./)})
  })

  test.each(['[]', '42', '"text"', 'null'])('not an object: %s', text => {
    expect(readConfig(text)).toEqual({problem: expect.stringMatching(/./)})
  })

  test('nothing secret is taken along, nor told in a problem', () => {
    const token = 'gk-secret-0123456789abcdef'
    expect(JSON.stringify(readConfig(`{gateway: {auth: {token: "${token}"}}}`))).not.toContain(token)
    expect(JSON.stringify(readConfig(`{gateway: {auth: {token: "${token}" oops`))).not.toContain(token)
  })
})
