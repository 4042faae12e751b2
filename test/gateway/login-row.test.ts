import {describe, expect, test} from 'vitest'
import {credentialOf} from '../../src/gateway/logins/row.ts'

const secret = `sk-ant-oat01-FAKE${'s'.repeat(60)}`
const read = (value: unknown, id = 'anthropic:manual') => credentialOf(id, value)
const token = (more: object = {}) => read({type: 'token', provider: 'anthropic', token: secret, ...more})

describe('an expiry is read as OpenClaw reads it', () => {
  test.each([
    [undefined, {kind: 'none'}],
    [1797849770306, {kind: 'at', at: 1797849770306}],
    [1797849770.5, {kind: 'at', at: 1797849770}],
    [0.5, {kind: 'at', at: 1}],
    [0, {kind: 'invalid', as: 'zero', meant: null}],
    [-1, {kind: 'invalid', as: 'negative', meant: null}],
    [null, {kind: 'invalid', as: 'null', meant: null}],
    [Number.POSITIVE_INFINITY, {kind: 'invalid', as: 'no-number', meant: null}],
    [true, {kind: 'invalid', as: 'no-number', meant: null}],
    [9e15, {kind: 'invalid', as: 'too-far', meant: null}],
    ['1797849770306', {kind: 'invalid', as: 'text', meant: 1797849770306}],
    ['1797849770', {kind: 'invalid', as: 'text', meant: 1797849770000}],
    ['2026-12-21T10:42:50.306Z', {kind: 'invalid', as: 'text', meant: 1797849770306}],
    ['next year', {kind: 'invalid', as: 'text', meant: null}],
  ])('%j', (expires, expected) => {
    expect(token(expires === undefined ? {} : {expires}).expires).toEqual(expected)
  })

  test('a key has none, whatever stands there', () => {
    expect(read({type: 'api_key', provider: 'a', key: secret, expires: 5}).expires).toEqual({kind: 'none'})
  })
})

describe('other spellings', () => {
  test('mode for type, apiKey for key', () => {
    expect(read({mode: 'api_key', provider: 'Anthropic ', apiKey: secret})).toMatchObject({
      type: 'api_key',
      provider: 'anthropic',
      secret: 'set',
      spelling: 'mode',
    })
    expect(read({type: 'apiKey', provider: 'a', key: secret})).toMatchObject({type: 'api_key', spelling: 'apiKey'})
  })

  test.each([
    ['sk-plain', 'it is no object'],
    [null, 'it is no object'],
    [[], 'it is no object'],
    [{type: 'bearer', provider: 'a'}, 'its type bearer is none that it knows'],
    [{type: secret, provider: 'a'}, 'it has no type that it knows'],
    [{provider: 'a'}, 'it has no type that it knows'],
    [{type: 'api_key', key: secret}, 'it names no provider'],
    [{type: 'api_key', key: secret, provider: ' '}, 'it names no provider'],
  ])('%j is dropped, and the reason says nothing of a secret', (value, ignored) => {
    expect(read(value).ignored).toBe(ignored)
  })
})

describe('secrets', () => {
  test.each([
    [{type: 'api_key', key: '  '}, 'none'],
    [{type: 'api_key'}, 'none'],
    [{type: 'api_key', key: 'openclaw onboard --auth-choice x'}, 'a-command'],
    [{type: 'token', token: 5}, 'none'],
    [{type: 'oauth', access: secret}, 'set'],
  ])('%j', (value, expected) => {
    expect(read({provider: 'a', ...value}).secret).toBe(expected)
  })

  test('none is left in what is kept', () => {
    const remaining = JSON.stringify([
      token({email: 'x@example.com', metadata: {a: secret}}),
      read({type: 'oauth', provider: 'a', access: secret, refresh: `${secret}r`, idToken: secret, expires: 1}),
      read({type: 'api_key', provider: 'a', keyRef: {source: 'env', provider: secret, id: secret}}),
      read({type: 'api_key', provider: 'a', keyRef: {source: 'exec', provider: 'vault', id: secret}}),
    ])
    expect(remaining).not.toContain(secret.slice(0, 8))
    expect(remaining).not.toContain(secret.slice(-8))
  })

  test.each([
    [{keyRef: {source: 'env', provider: 'default', id: 'OPS_KEY'}}, {source: 'env', name: 'OPS_KEY', found: 'unasked'}],
    [{keyRef: {source: 'env', id: 'OPS_KEY'}}, {source: 'env', provider: 'default'}],
    [{key: {source: 'file', provider: 'ops', id: '/a/b'}}, {source: 'file', provider: 'ops', name: '/a/b'}],
    [{key: '\u0024{OPS_KEY}'}, {source: 'env', name: 'OPS_KEY'}],
    [{key: '$OPS_KEY'}, {source: 'env', name: 'OPS_KEY'}],
  ])('%j is a reference', (fields, expected) => {
    const found = read({type: 'api_key', provider: 'a', ...fields})
    expect(found.reference).toMatchObject(expected)
    expect(found.secret).toBe('none')
  })
})

describe('logins', () => {
  const digestOf = (state: string, what: string) =>
    `openclaw-oauth-refresh-fence:v1:${'0a'.repeat(16)}:${state}${what}:${'1b'.repeat(32)}`
  const fenced = (state: string) =>
    read({type: 'oauth', provider: 'a', access: digestOf(state, 'access'), refresh: digestOf(state, 'refresh'), expires: 1})

  test('a fence is seen, and which', () => {
    expect([fenced('').fence, fenced('failed:').fence, token().fence]).toEqual(['pending', 'failed', null])
    expect(fenced('failed:')).toMatchObject({secret: 'set', hasRefresh: true})
  })

  test.each([
    ['anthropic:claude-cli', {}, true],
    ['minimax-portal:x', {authFlow: 'external-cli'}, true],
    ['a:b', {externallyManaged: true}, true],
    ['a:client', {}, false],
  ])('%s %j belongs to another program: %s', (id, more, expected) => {
    expect(read({type: 'oauth', provider: 'a', access: secret, expires: 1, ...more}, id).isExternal).toBe(expected)
  })

  test('tokens in a file of their own, a sign-in not switched on', () => {
    const sidecar = {source: 'openclaw-credentials', provider: 'openai-codex', id: 'ab'.repeat(16)}
    expect(read({type: 'oauth', provider: 'openai-codex', oauthRef: sidecar, expires: 5})).toMatchObject({
      hasSidecar: true,
      hasRefresh: false,
    })
    expect(token({setup: {replacement: true, modelRef: 'x', configJson: '{}'}}).isInactive).toBe(true)
    expect(token({setup: 'no'}).isInactive).toBe(false)
  })
})
