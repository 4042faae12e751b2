import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {assumed} from '../../src/domain/token/evaluate.ts'
import {findTokenProblems} from '../../src/domain/token/token-problems.ts'
import {winner} from '../../src/domain/token/winner.ts'
import type {GatewayTarget} from '../../src/runtime/gateway-target.ts'
import {tokenKeeper} from '../../src/runtime/gateway-token.ts'
import {copy, plainSetup, takes} from '../domain/token-copies.ts'
import {configText, type Home, newHome, tokens} from './token-home.ts'

const {now, old} = tokens

let home: Home
beforeEach(() => {
  home = newHome()
})
afterEach(() => home.remove())

const broken = '{ gateway: { auth: { token: '

describe('a config that cannot be parsed', () => {
  test('puts no other copy in force, and says what a running gateway does', async () => {
    home.write('.openclaw/openclaw.json', broken)
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}\n`)
    const {copies} = await home.copies()
    expect(copies.filter(({wins}) => wins)).toEqual([])
    expect(copies.find(({place}) => place === 'dotenv')?.verdict).toBe('unknown')
    const enforced = assumed(winner(copies, '2026.9.6'))
    expect(enforced).toMatchObject({
      fingerprint: null,
      by: 'unknown',
      because: 'the config cannot be parsed; a running gateway still uses the token that it loaded before',
    })
  })

  test('of an included file: the same', async () => {
    home.write('.openclaw/openclaw.json', '{gateway: {auth: {$include: "auth.json5"}}}')
    home.write('.openclaw/auth.json5', broken)
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}\n`)
    const {copies} = await home.copies()
    expect(winner(copies, '2026.9.6')).toMatchObject({copy: null, isUnread: true})
    expect(copies.find(({place}) => place === 'include')?.problem).toContain('before any restart')
  })

  test('is no reason to sign in with another token: the one of before is kept', async () => {
    home.write('.openclaw/openclaw.json', configText(now))
    home.write('.openclaw/.env', `OPENCLAW_GATEWAY_TOKEN=${old}\n`)
    const gateway = {
      overrides: {stateDir: null, configFile: null, profile: null},
      hostEnv: home.hostEnv(),
      release: '2026.9.6',
      pid: null,
    }
    const target = {gateway, isLocal: true, configFile: home.config, stateDir: home.state} as unknown as GatewayTarget
    const token = tokenKeeper(target)
    expect((await token())?.reveal()).toBe(now)
    home.write('.openclaw/openclaw.json', `${broken}// longer than before`)
    expect((await token())?.reveal()).toBe(now)
    // One that never read the whole config knows of no token.
    expect(await tokenKeeper(target)()).toBeNull()
  })

  test('lets only a --token of the start command win', () => {
    const unread = copy('config', null, {kind: 'unreadable'})
    expect(winner([unread, copy('start-command', 'A', {key: '--token'})], '2026.9.6').copy?.place).toBe('start-command')
    expect(winner([unread, copy('process-env', 'B')], '2026.9.6').copy).toBeNull()
  })
})

describe('the gateway takes none of the tokens', () => {
  const say = (refused: readonly string[], problem: string | null = null) =>
    findTokenProblems({
      copies: [copy('config', 'A'), copy('dotenv', 'B'), copy('process-env', 'A')],
      release: '2026.9.6',
      enforced: takes(null, {refused}),
      setup: {...plainSetup, problem},
      shellEnv: {},
    }).find(({id}) => id === 'unknown-token')

  test('is not said after one of two was tried', () => {
    expect(say(['A'])).toMatchObject({
      title: 'The gateway refused the token that it should take; another one was not tried',
      cure: expect.stringContaining('gatecrab copies --ask'),
    })
  })

  test('is said after each was tried, and no restart is advised while the config is broken', () => {
    expect(say(['A', 'B'])).toMatchObject({title: 'The gateway takes none of the tokens that stand on this machine'})
    expect(say(['A', 'B'])?.cure).toContain('then restart it')
    expect(say(['A', 'B'], 'not JSON5')?.cure).toContain('mend the config before any restart')
  })
})
