import {readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {readPlist, readUnit, tokenFlag, type UnitPart, unitParts} from '../../src/gateway/service/files.ts'
import {readEnvFile} from '../../src/gateway/token/env-file.ts'

const fixture = (name: string): string => readFileSync(path.join(import.meta.dirname, '../fixtures/copies', name), 'utf8')
const old = '1111111111111111aaaaaaaaaaaaaaaa1111111111111111'
const name = 'OPENCLAW_GATEWAY_TOKEN'

describe('a plist', () => {
  test('of 2026.2.26 holds the token', () => {
    const plist = readPlist(fixture('2026.2.26.plist'))
    expect(plist?.variables.get(name)?.reveal()).toBe(old)
    expect(plist?.args.slice(2)).toEqual(['gateway', '--port', '19801'])
  })

  test.each(['2026.8.2', '2026.9.6'])('of %s holds none, but names the file that is sourced', release => {
    const plist = readPlist(fixture(`${release}.plist`))
    expect(plist?.variables.size).toBe(0)
    expect(plist?.args[2]).toBe('/Users/ops/.openclaw/service-env/ai.openclaw.gateway.env')
    expect(readEnvFile(fixture(`${release}.service-env`), 'dotenv').map(({key}) => key)).toContain('OPENCLAW_GATEWAY_PORT')
  })

  test('as plutil prints it', () => {
    const json = JSON.stringify({ProgramArguments: ['node', '--token', 'abc'], EnvironmentVariables: {[name]: old, N: 1}})
    expect(readPlist(json)?.variables.get(name)?.reveal()).toBe(old)
    expect(tokenFlag(readPlist(json)?.args ?? [])?.reveal()).toBe('abc')
  })

  test('entities and comments', () => {
    const xml = `<plist><dict><!-- <key>EnvironmentVariables</key><dict><key>${name}</key><string>no</string></dict> -->
      <key>EnvironmentVariables</key><dict><key>${name}</key><string>a&amp;b&lt;c&#x41;&#66;</string></dict></dict></plist>`
    expect(readPlist(xml)?.variables.get(name)?.reveal()).toBe('a&b<cAB')
  })

  test.each(['bplist00ab', '', 'null', '[1'])('what is none: %s', text => {
    expect(readPlist(text)?.variables.size ?? 0).toBe(0)
  })
})

const tokenIn = (parts: readonly UnitPart[]): string | undefined =>
  readUnit(parts, '/home/ops')
    .variables.find(({key}) => key === name)
    ?.value.reveal()

const part = (text: string, file = '/u/x.service'): UnitPart => ({path: file, text})

describe('a unit', () => {
  test.each([
    ['2026.1.29', old],
    ['2026.2.26', old],
    ['2026.3.13', undefined],
    ['2026.6.11', undefined],
  ])('of %s', (release, token) => {
    const parts = unitParts(fixture(`${release}.unit`))
    expect(parts.map(({path: file}) => file)).toEqual(['/Users/ops/.config/systemd/user/openclaw-gateway.service'])
    expect(tokenIn(parts)).toBe(token)
    expect(readUnit(parts, '/home/ops').args.slice(2, 4)).toEqual(['gateway', '--port'])
  })

  test.each([
    ['quotes around the whole', `Environment="${name}=a b"`, 'a b'],
    ['several in a line', `Environment=A=1 ${name}=abc "B=2 3"`, 'abc'],
    ['quotes inside the value', `Environment=${name}="abc"`, 'abc'],
    ['an escape', `Environment="${name}=a\\"b"`, 'a"b'],
    ['percent', `Environment=${name}=a%%b`, 'a%b'],
    ['a later line wins', `Environment=${name}=one\nEnvironment=${name}=two`, 'two'],
    ['an empty line forgets', `Environment=${name}=one\nEnvironment=`, undefined],
    ['unset', `Environment=${name}=one\nUnsetEnvironment=${name}`, undefined],
    ['a comment', `#Environment=${name}=one\n;Environment=${name}=two`, undefined],
    ['a continued line', `Environment=A=1 \\\n  ${name}=abc`, 'abc'],
  ])('%s', (_, text, value) => expect(tokenIn([part(text)])).toBe(value))

  test('a drop-in wins, and is named as the place', () => {
    const printed = `# /u/x.service\n[Service]\nEnvironment=${name}=one\n\n# /u/x.service.d/10-token.conf\n[Service]\nEnvironment=${name}=two\n`
    const {variables} = readUnit(unitParts(printed), '/home/ops')
    expect(variables).toMatchObject([{key: name, path: '/u/x.service.d/10-token.conf'}])
    expect(variables[0]?.value.reveal()).toBe('two')
  })

  test('environment files, in order, with the home filled in', () => {
    const text =
      'EnvironmentFile=/gone\nEnvironmentFile=\nEnvironmentFile=-%h/.openclaw/gateway.systemd.env\nEnvironmentFile=/etc/x.env'
    expect(readUnit([part(text)], '/home/ops').envFiles).toEqual(['/home/ops/.openclaw/gateway.systemd.env', '/etc/x.env'])
  })
})

test.each([
  [['node', 'x', '--token', 'abc'], 'abc'],
  [['--token=abc'], 'abc'],
  [['--token=abc', '--token', 'def'], 'def'],
  [['--token', '--port'], undefined],
  [['--token'], undefined],
  [['--tokens', 'abc'], undefined],
])('the flag in %j', (args, token) => expect(tokenFlag(args)?.reveal()).toBe(token))
