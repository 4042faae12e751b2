import {describe, expect, test, vi} from 'vitest'
import {leakedIn} from '../../src/gateway/token/audit.ts'
import {mergeConfig, readConfigFile, setupOf} from '../../src/gateway/token/config.ts'
import {fileProvider, fillIn, pointerPath, readTokenReference} from '../../src/gateway/token/env-file.ts'

const read = (text: string, more: {base?: string[]; names?: string[]; release?: string} = {}) => {
  const config = readConfigFile(text, {release: null, ...more})
  if ('problem' in config) throw new Error(config.problem)
  return config
}

const tokens = (text: string, more = {}): unknown[] =>
  read(text, more).tokens.map(({key, written, reference}) => [key, written?.reveal() ?? null, reference?.name ?? null])

describe('what a config holds', () => {
  test('a line separator in it is nothing to warn of on a screen', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(readConfigFile('{note:"a\u2028b"}', {release: null})).toMatchObject({tree: {note: 'a\u2028b'}})
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  test.each([
    ['its own token', '{gateway:{auth:{token:"abc"}}}', [['gateway.auth.token', 'abc', null]]],
    ['that of another gateway', '{gateway:{remote:{token:"abc"}}}', [['gateway.remote.token', 'abc', null]]],
    ['a template', `{gateway:{auth:{token:"\${GW}"}}}`, [['gateway.auth.token', `\${GW}`, 'GW']]],
    ['an escaped template', `{gateway:{auth:{token:"$\${GW}"}}}`, [['gateway.auth.token', `$\${GW}`, null]]],
    ['a SecretRef', '{gateway:{auth:{token:{source:"env",id:"GW"}}}}', [['gateway.auth.token', null, 'GW']]],
    ['nothing', '{gateway:{auth:{token:null}}}', []],
    ['what is no token', '{gateway:{auth:{token:{a:1}}}}', []],
    [
      'variables',
      '{env:{vars:{GW:"abc"},GW:"def"}}',
      [
        ['env.vars.GW', 'abc', null],
        ['env.GW', 'def', null],
      ],
    ],
  ])('%s', (_, text, expected) => expect(tokens(text, {names: ['GW']})).toEqual(expected))

  test('an included file, by where it belongs', () => {
    expect(tokens('{auth:{token:"abc"}}', {base: ['gateway']})).toEqual([['gateway.auth.token', 'abc', null]])
    expect(tokens('{token:"abc"}', {base: ['gateway', 'auth']})).toEqual([['gateway.auth.token', 'abc', null]])
    expect(tokens('{token:"abc"}', {base: ['plugins']})).toEqual([])
  })

  test('the includes that may bring one', () => {
    const text = '{$include:"base.json5",gateway:{$include:["a","b"],auth:{$include:"c"}},plugins:{$include:"d"}}'
    expect(read(text).includes).toEqual([
      {at: [], files: ['base.json5'], mixed: true},
      {at: ['gateway'], files: ['a', 'b'], mixed: true},
      {at: ['gateway', 'auth'], files: ['c'], mixed: false},
    ])
  })

  test('what stands around it', () => {
    const {tree, includes} = read('{gateway:{mode:"local",auth:{mode:"password"},reload:{mode:"off"},tls:{enabled:true}}}')
    expect(setupOf(tree, includes)).toMatchObject({
      authMode: 'password',
      gatewayMode: 'local',
      reloadMode: 'off',
      include: 'none',
      tls: true,
      certPath: null,
    })
    expect(setupOf({}, [{at: ['gateway'], files: ['a'], mixed: false}]).include).toBe('whole')
    expect(setupOf({}, [{at: ['gateway'], files: ['a'], mixed: true}]).include).toBe('mixed')
    expect(setupOf({}, [{at: ['env'], files: ['a'], mixed: true}]).include).toBe('none')
  })

  test('a later include wins, deeply', () => {
    expect(mergeConfig({a: {b: 1, c: 2}}, {a: {c: 3}, d: 4})).toEqual({a: {b: 1, c: 3}, d: 4})
  })
})

describe('references', () => {
  test.each([
    [`\${A}`, null, {how: 'template', source: 'env', name: 'A'}],
    [`x-\${A_1}-y`, null, {how: 'template', source: 'env', name: 'A_1'}],
    [`\${lower}`, null, null],
    ['$A', '2026.9.6', {how: 'secret-ref', source: 'env', name: 'A'}],
    ['$A', '2026.6.11', {how: 'secret-ref', source: 'env', name: 'A'}],
    ['$A', '2026.2.26', null],
    ['$A b', null, null],
    ['abc', null, null],
    [{source: 'exec', provider: 'vault', id: 'a/b'}, null, {how: 'secret-ref', source: 'exec', name: 'a/b'}],
    [{source: 'cloud', id: 'a'}, null, null],
  ])('%j', (value, release, expected) => expect(readTokenReference(value, release)).toEqual(expected))

  test('filled in, or not at all', () => {
    const variable = (name: string): string | null => ({A: 'one', B: 'two'})[name] ?? null
    expect(fillIn(`\${A}-\${B}`, variable)).toBe('one-two')
    expect(fillIn(`$\${A}`, variable)).toBe(`\${A}`)
    expect(fillIn(`\${A}\${C}`, variable)).toBe(null)
  })

  test('the provider of a file', () => {
    const config = {secrets: {defaults: {file: 'gw'}, providers: {gw: {source: 'file', path: '~/gw', mode: 'singleValue'}}}}
    expect(fileProvider(config, {source: 'file', provider: 'gw', id: 'value'})).toEqual({path: '~/gw', mode: 'singleValue'})
    expect(fileProvider(config, {source: 'file', id: 'value'})).toEqual({path: '~/gw', mode: 'singleValue'})
    expect(fileProvider({}, {source: 'file', id: 'value'})).toBe(null)
    expect(pointerPath('/a~1b/c~0d')).toEqual(['a/b', 'c~d'])
  })
})

describe('audit lines', () => {
  const line = (...argv: string[]): string =>
    JSON.stringify({ts: 'T', event: 'config.write', argv: ['node', 'openclaw', ...argv]})
  const leaked = (...argv: string[]): string[] => leakedIn(line(...argv)).map(secret => secret.reveal())

  test.each([
    [['config', 'set', 'gateway.auth.token', 'abc'], ['abc']],
    [['config', 'set', '--strict-json', 'gateway.auth.token', '"abc"'], ['abc']],
    [['config', 'set', 'gateway.remote.token', 'abc'], ['abc']],
    [['gateway', 'run', '--token', 'abc'], ['abc']],
    [['gateway', 'run', '--token=abc'], ['abc']],
    [['config', 'set', 'gateway.auth', '{mode:"token",token:"abc"}'], ['abc']],
    [['config', 'set', '--batch-json', '[{"path":"gateway.auth.token","value":"abc"}]'], ['abc']],
    [['config', 'set', 'gateway.auth.token', '***'], []],
    [['config', 'set', 'gateway.auth.token', '__OPENCLAW_REDACTED__'], []],
    [['config', 'set', 'gateway.auth.token', `\${GW}`], []],
    [['config', 'get', 'gateway.auth.token'], []],
    [['config', 'set', 'gateway.port', '1'], []],
  ])('%j', (argv, expected) => expect(leaked(...argv)).toEqual(expected))

  test('a line that is none', () => {
    expect(leakedIn('{"argv":')).toEqual([])
    expect(leakedIn('[]')).toEqual([])
  })
})
