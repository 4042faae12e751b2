import {describe, expect, test} from 'vitest'
import type {AcceptedToken, TokenCopy, TokenSetup} from '../../src/domain/token/copy.ts'
import {createCopyProblem} from '../../src/domain/token/copy-problems.ts'
import {assumed, evaluateCopies, lockedDown} from '../../src/domain/token/evaluate.ts'
import {winner} from '../../src/domain/token/winner.ts'
import {copy, plainSetup, secretRef, takes, template} from './token-copies.ts'

type TestEnv = {release?: string | null; enforced?: AcceptedToken; setup?: Partial<TokenSetup>; shellEnv?: Record<string, string>}

const evaluate = (
  copies: readonly TokenCopy[],
  {release = '2026.9.6', enforced = takes('A'), setup, shellEnv = {}}: TestEnv = {},
): TokenCopy[] => evaluateCopies(copies, {release, enforced, setup: {...plainSetup, ...setup}, shellEnv})

const first = (copies: readonly TokenCopy[], hostEnv?: TestEnv): TokenCopy => evaluate(copies, hostEnv)[0]!

const problems = (one: TokenCopy): unknown[] => (one.problems ?? []).map(({id, matters}) => (matters ? `${id}!` : id))

describe('verdicts', () => {
  test.each([
    ['the same token', copy('config', 'A'), 'agrees'],
    ['another', copy('config', 'B'), 'differs'],
    ['none', copy('config', null), 'absent'],
    ['a placeholder', copy('config', 'A', {kind: 'placeholder'}), 'not-a-secret'],
    ['unreadable', copy('process-env', null, {kind: 'unreadable'}), 'unknown'],
    ['a reference that leads there', template('X', 'A'), 'agrees'],
    ['a reference that leads nowhere', template('X', null), 'unknown'],
  ])('%s', (_, one, verdict) => expect(first([one]).verdict).toBe(verdict))

  test('nothing is known where authentication is off, or where no token is proven', () => {
    expect(first([copy('config', 'A')], {enforced: takes(null, {acceptsAnything: true})}).verdict).toBe('unknown')
    expect(first([copy('config', 'A')], {enforced: takes(null)}).verdict).toBe('unknown')
  })

  test('a token that the gateway refused differs, whichever it takes', () => {
    expect(first([copy('config', 'A')], {enforced: takes(null, {refused: ['A']})}).verdict).toBe('differs')
  })

  test('exactly one copy wins', () => {
    const copies = evaluate([copy('config', 'A'), copy('dotenv', 'A'), copy('process-env', 'B')])
    expect(copies.filter(({wins}) => wins).map(({place}) => place)).toEqual(['config'])
  })

  test('judging again, by another answer, starts again', () => {
    const once = evaluate([copy('config', 'A', {mode: '0644'}), copy('dotenv', 'B')], {enforced: takes('A')})
    const again = evaluate(once, {enforced: takes('B')})
    expect(again).toEqual(evaluate([copy('config', 'A', {mode: '0644'}), copy('dotenv', 'B')], {enforced: takes('B')}))
    expect(evaluate(again, {enforced: takes('A')})).toEqual(once)
  })
})

describe('whether a wrong value matters', () => {
  const config = copy('config', 'A')
  const copyNextTo = (other: TokenCopy, hostEnv?: TestEnv): unknown[] => problems(evaluate([config, other], hostEnv)[1]!)

  test.each([
    ['2026.2.26', 'stale!'],
    ['2026.7.35', 'stale!'],
    ['2026.8.2', 'stale-quiet'],
    ['2026.9.6', 'stale-quiet'],
    ['2026.1.29', 'stale-quiet'],
  ])('a variable beside a config token, in %s: %s', (release, problem) => {
    for (const place of ['process-env', 'dotenv', 'systemd-unit', 'compose', 'launchctl'] as const)
      expect(copyNextTo(copy(place, 'B'), {release})).toEqual([problem])
  })

  test('a variable that rules at the next start', () => {
    const [, unit] = evaluate([copy('process-env', 'A'), copy('systemd-unit', 'B')])
    expect(problems(unit!)).toEqual(['stale!'])
    const [, , env] = evaluate([copy('config', null), copy('process-env', 'A'), copy('dotenv', 'B')])
    expect(problems(env!)).toEqual(['stale-quiet'])
  })

  test('the shell, by release', () => {
    const shell = {OPENCLAW_GATEWAY_TOKEN: 'x'}
    expect(copyNextTo(copy('shell-env', 'B'), {release: '2026.6.11', shellEnv: shell})).toEqual(['stale!'])
    expect(copyNextTo(copy('shell-env', 'B'), {release: '2026.9.6', shellEnv: shell})).toEqual(['stale-quiet'])
  })

  test('gateway.remote.token, by mode', () => {
    const remote = copy('remote-config', 'B', {key: 'gateway.remote.token'})
    expect(copyNextTo(remote)).toEqual(['stale-quiet'])
    expect(copyNextTo(remote, {setup: {gatewayMode: 'remote'}})).toEqual(['stale!'])
  })

  test('the config itself, a secret file, a pin', () => {
    expect(problems(first([copy('config', 'B')]))).toEqual(['stale!'])
    expect(problems(first([copy('secret-file', 'B')]))).toEqual(['stale!'])
    expect(problems(first([copy('start-command', 'B', {key: '--token'})]))).toEqual(['pin-process!', 'stale!'])
    expect(problems(first([copy('start-command', 'A', {key: '--token'})]))).toEqual(['pin-process!'])
  })

  test('the config beside a --token of the start command wins nothing, and a rotation is not what helps', () => {
    const [config, start] = evaluate([copy('config', 'B'), copy('start-command', 'A', {key: '--token'})])
    expect([config?.wins, start?.wins]).toEqual([false, true])
    expect(problems(config!)).toEqual(['stale-quiet'])
  })

  test('a token that the gateway has refused does not win, whatever the rules of the release say', () => {
    const refused = takes(null, {refused: ['B']})
    expect(evaluate([copy('config', 'B')], {enforced: refused})[0]).toMatchObject({wins: false, verdict: 'differs'})
  })

  test('where the gateway asks for a password, no token beside it wins, agrees or is enforced', () => {
    const setup = {...plainSetup, authMode: 'password'}
    const won = winner([copy('config', 'B')], '2026.9.6', 'password')
    expect(assumed(won)).toMatchObject({fingerprint: null, digest: null, by: 'unknown'})
    expect(evaluate([copy('config', 'B')], {setup, enforced: assumed(won)})[0]).toMatchObject({wins: false, verdict: 'unknown'})
  })

  test('what is past, and what belongs to others', () => {
    expect(copyNextTo(copy('backup', 'B'))).toEqual([])
    expect(copyNextTo(copy('profile-config', 'B'))).toEqual(['stale-quiet'])
    expect(copyNextTo(copy('process-env', 'B', {key: 'CLAWDBOT_GATEWAY_TOKEN'}))).toEqual(['stale-quiet'])
  })
})

describe('leaks and modes', () => {
  test('a line of the audit log, by whether that token is still in use', () => {
    expect(problems(first([copy('audit-log', 'A', {key: 'line 3'})]))).toEqual(['leaked!'])
    expect(problems(first([copy('audit-log', 'B', {key: 'line 3'})]))).toEqual(['leaked-old'])
  })

  test.each([
    ['0600', 'A', []],
    ['0640', 'A', ['open-mode']],
    ['0644', 'A', ['open-to-all!']],
    ['0644', 'B', ['stale!', 'open-mode']],
  ])('a config of mode %s with token %s', (mode, digest, expected) => {
    expect(problems(first([copy('config', digest, {mode})]))).toEqual(expected)
  })

  test.each([
    ['0600', true],
    ['0400', true],
    [null, true],
    ['0640', false],
    ['0604', false],
    ['0620', false],
  ])('%s is locked down: %s', (mode, expected) => expect(lockedDown({mode})).toBe(expected))

  test('a backup that everybody can read matters while its token is in use', () => {
    expect(problems(first([copy('backup', 'A', {mode: '0644'})]))).toEqual(['open-to-all!'])
    expect(problems(first([copy('backup', 'B', {mode: '0644'})]))).toEqual(['open-mode'])
  })
})

describe('references', () => {
  test('one that leads nowhere says where', () => {
    expect(first([template('X', null)])).toMatchObject({
      problem: expect.stringContaining('points to env X, which does not resolve'),
    })
    expect(problems(first([template('X', null)]))).toEqual(['unresolved!'])
  })

  test('one that only the gateway can follow is no fault', () => {
    expect(problems(first([secretRef('exec', 'vault/x', null)]))).toEqual(['cannot-follow'])
  })

  test('a literal where a backup had a reference hides it', () => {
    const backup: TokenCopy = {...template('X', null), place: 'backup', path: '/openclaw.json.bak'}
    const one = first([copy('config', 'A'), backup])
    expect(one.problem).toContain('/openclaw.json.bak points to env X')
    expect(problems(one)).toEqual(['hides-reference'])
  })

  test('an included token that is overridden', () => {
    const [include, config] = evaluate([copy('include', 'B', {shadowed: true}), copy('config', 'A')])
    expect(problems(include!)).toEqual(['shadowed'])
    expect(problems(config!)).toEqual([])
  })
})

test('a placeholder matters where it is heard', () => {
  const placeholder = (place: 'config' | 'dotenv'): TokenCopy =>
    copy(place, 'P', {kind: 'placeholder', problems: [createCopyProblem('placeholder', {path: '/x', key: 'k'}, 'a mask')]})
  expect(problems(first([placeholder('config')]))).toEqual(['placeholder!'])
  expect(problems(evaluate([copy('config', 'A'), placeholder('dotenv')])[1]!)).toEqual(['placeholder'])
  expect(problems(evaluate([copy('config', 'A'), placeholder('dotenv')], {release: '2026.6.11'})[1]!)).toEqual(['placeholder!'])
})

test('the first problem in words, with its cure', () => {
  const one = first([copy('audit-log', 'A', {key: 'lines 3, 9', path: '/audit'})])
  expect(one.problem).toBe(
    'The token in use stands here in clear text, in lines 3, 9. Run `gatecrab rotate`: whoever can read this file has the key to the gateway.',
  )
})

test('before anybody asks, the copies are compared with the one that should win', () => {
  const copies = [copy('config', 'A'), copy('dotenv', 'B')]
  const enforced = assumed(winner(copies, '2026.9.6'))
  expect(enforced).toMatchObject({by: 'config', digest: 'A', provenAt: null})
  expect(evaluate(copies, {enforced}).map(({verdict}) => verdict)).toEqual(['agrees', 'differs'])
  expect(assumed(winner([], '2026.9.6'))).toMatchObject({by: 'unknown', digest: null})
})
