import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {captured, rawLines} from '../stories/captures.ts'
import {gatecrab} from './gatecrab.ts'

beforeAll(built)

const firstWord = (text: string): string => text.split(/\s/)[0] ?? ''

const explained = async (argv: readonly string[], input = ''): Promise<string> => {
  const {code, stdout, stderr} = await gatecrab(['explain', ...argv], input)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

const lineWith = (file: string, ...words: string[]): string =>
  rawLines(captured('2026.9.6', file)).find(line => words.every(word => line.includes(word))) ?? ''

describe('explain', () => {
  test.each([
    ['4001', 'token-changed'],
    ['token_mismatch', 'token-mismatch'],
    ['token-mismatch', 'token-mismatch'],
    ['AUTH_TOKEN_MISMATCH', 'token-mismatch'],
    ['device-required', 'device-required'],
    ['DEVICE_IDENTITY_REQUIRED', 'device-required'],
    ['rate_limited', 'rate-limited'],
    ['handshake-timeout', 'handshake-timeout'],
  ])('%s is %s', async (word, id) => {
    const text = await explained([word])
    expect(firstWord(text)).toBe(id)
    expect(text).toMatch(/layer: /)
    expect(text).toMatch(/What to do: \S/)
  })

  test('a code of many reasons tells more than one, and not all', async () => {
    const ids = (await explained(['1008'])).split('\n\n').map(firstWord)
    expect(ids.length).toBeGreaterThan(1)
    expect(ids.length).toBeLessThanOrEqual(10)
  })

  test.each([
    ['token-mismatch', lineWith('default-level.jsonl', 'closed before connect', 'token_mismatch')],
    ['token-mismatch', lineWith('default-level.console.log', 'closed before connect', 'authReason=token_mismatch')],
    ['token-missing', lineWith('default-level.console.log', 'unauthorized conn', 'reason=token_missing')],
    ['device-nonce-mismatch', lineWith('default-level.jsonl', 'closed before connect', 'device-nonce-mismatch')],
    ['protocol-mismatch', lineWith('default-level.jsonl', 'protocol mismatch conn')],
    ['token-changed', lineWith('token-rotation.jsonl', 'webchat disconnected code=4001')],
  ])('%s is what a pasted line means', async (id, line) => {
    expect(line).not.toBe('')
    expect(firstWord(await explained([line]))).toBe(id)
    expect(firstWord(await explained(['-'], `${line}\n`))).toBe(id)
    expect(firstWord(await explained([], `${line}\n`))).toBe(id)
  })

  test('a line that only says what came in is its own reason', async () => {
    expect(firstWord(await explained([lineWith('default-level.jsonl', 'parse-error')]))).toBe('bad-json')
  })

  test('a line of a provider is a reason of a provider', async () => {
    const text = await explained([lineWith('provider-auth.jsonl', '[model-fetch]', 'status=401')])
    expect(text).toMatch(/provider, not the gateway/)
  })

  test('words that were not quoted are one', async () => {
    expect(firstWord(await explained(['token', 'mismatch']))).toBe('token-mismatch')
  })

  test('what nobody knows is 3, and says so harmlessly', async () => {
    const {code, stdout, stderr} = await gatecrab(['explain', 'no\u001b[31msuch\u202eword'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('nosuchword')
    expect(stderr).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('as JSON', () => {
  test('--list is one array of all reasons', async () => {
    const rows = JSON.parse(await explained(['--list', '--json']))
    expect(rows.length).toBeGreaterThan(80)
    expect(new Set(rows.map(({id}: {id: string}) => id)).size).toBe(rows.length)
    for (const row of rows) {
      expect(row).toMatchObject({
        id: expect.stringMatching(/^[a-z0-9-]+$/),
        layer: expect.stringMatching(/^(?:gateway|network|client|lifecycle|provider|channel)$/),
        means: expect.stringMatching(/\S/),
        todo: expect.stringMatching(/\S/),
        fixes: expect.any(Array),
        codes: expect.any(Array),
      })
    }
  })

  test('a word is the one object that fits best', async () => {
    expect(JSON.parse(await explained(['AUTH_TOKEN_MISMATCH', '--json']))).toMatchObject({
      id: 'token-mismatch',
      layer: 'gateway',
      authReason: 'token_mismatch',
    })
  })
})

test('--list is text that fits a terminal', async () => {
  const text = await explained(['--list'])
  for (const id of ['token-mismatch', 'device-required', 'rate-limited', 'token-changed']) expect(text).toContain(`${id}\n`)
  expect(
    Math.max(
      ...text
        .split('\n')
        .filter(line => line.includes('  ') && !/\S{60}/.test(line))
        .map(line => line.length),
    ),
  ).toBeLessThanOrEqual(100)
})
