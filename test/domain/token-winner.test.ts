import {describe, expect, test} from 'vitest'
import type {TokenCopy} from '../../src/domain/token/copy.ts'
import {cliSends, whenNothing, winner} from '../../src/domain/token/winner.ts'
import {copy, releases, secretRef, template} from './token-copies.ts'

const placeOf = (copies: readonly TokenCopy[], release: string | null): string | null =>
  winner(copies, release).copy?.place ?? null

const at = (release: string): number => releases.indexOf(release as (typeof releases)[number])
const since = (first: string) => releases.filter(release => at(release) >= at(first))
const upTo = (last: string) => releases.filter(release => at(release) <= at(last))

describe('what the server takes, as ten releases were seen to', () => {
  test.each(releases)('%s: the config beats the environment and .env', release => {
    expect(placeOf([copy('config', 'A'), copy('process-env', 'B')], release)).toBe('config')
    expect(placeOf([copy('config', 'A'), copy('dotenv', 'B')], release)).toBe('config')
  })

  test.each(releases)('%s: the environment where the config has nothing, before .env, before env.vars', release => {
    const unset = copy('config', null)
    const variables = [
      copy('config-env', 'D', {key: 'env.vars.OPENCLAW_GATEWAY_TOKEN'}),
      copy('dotenv', 'C'),
      copy('process-env', 'B'),
    ]
    expect(placeOf([unset, ...variables], release)).toBe('process-env')
    expect(placeOf([unset, ...variables.slice(0, 2)], release)).toBe('dotenv')
    expect(placeOf([unset, ...variables.slice(0, 1)], release)).toBe('config-env')
  })

  test('--token beats everything, but in 2026.1.29', () => {
    const copies = [copy('start-command', 'A', {key: '--token'}), copy('config', 'B'), copy('process-env', 'C')]
    expect(placeOf(copies, '2026.1.29')).toBe('config')
    for (const release of since('2026.2.26')) expect(placeOf(copies, release)).toBe('start-command')
  })

  test('a template takes what the environment has', () => {
    for (const release of releases)
      expect(winner([template('X', 'A'), copy('process-env', 'A', {key: 'X'})], release).copy).toMatchObject({
        place: 'config',
        digest: 'A',
      })
  })

  test('a template that leads nowhere: none listens up to 2026.6.11, a token nobody knows since 2026.8.2', () => {
    for (const release of ['2026.1.29', '2026.2.26', '2026.3.13', '2026.6.11'])
      expect(winner([template('X', null)], release)).toMatchObject({
        copy: null,
        because: expect.stringContaining('does not listen'),
      })
    for (const release of since('2026.8.2'))
      expect(winner([template('X', null)], release)).toMatchObject({
        copy: null,
        because: expect.stringContaining('makes up a token'),
      })
    const besides = [template('X', null), copy('process-env', 'B')]
    expect(winner(besides, '2026.9.6')).toMatchObject({copy: null, because: expect.stringContaining('does not listen')})
  })

  test('OPENCLAW_GATEWAY_TOKEN beats a SecretRef from 2026.3.13 on, and loses to it since 2026.8.2', () => {
    const copies = [secretRef('env', 'MY', 'A'), copy('process-env', 'A', {key: 'MY'}), copy('process-env', 'B')]
    for (const release of ['2026.3.13', '2026.6.11'])
      expect(winner(copies, release)).toMatchObject({copy: {digest: 'B'}, sure: true})
    for (const release of since('2026.8.2')) expect(winner(copies, release)).toMatchObject({copy: {place: 'config'}, sure: true})
    expect(winner(copies, '2026.7.35').sure).toBe(false)
    expect(winner([secretRef('file', 'value', 'A'), copy('dotenv', 'B')], '2026.6.11').copy?.place).toBe('dotenv')
  })

  test.each(['exec', 'store'] as const)('a SecretRef to the %s wins, though nobody can read it', source => {
    expect(winner([secretRef(source, 'x', null)], '2026.9.6')).toMatchObject({copy: {place: 'config', digest: null}, sure: false})
  })

  test('gateway.remote.token and the shell are never asked', () => {
    for (const release of releases) expect(placeOf([copy('remote-config', 'A'), copy('shell-env', 'B')], release)).toBe(null)
  })

  test('CLAWDBOT_GATEWAY_TOKEN is heard up to 2026.2.6-3', () => {
    const former = copy('process-env', 'A', {key: 'CLAWDBOT_GATEWAY_TOKEN'})
    for (const release of upTo('2026.2.6-3')) expect(placeOf([former], release)).toBe('process-env')
    for (const release of since('2026.2.26')) expect(placeOf([former], release)).toBe(null)
  })

  test.each([
    ['2026.1.29', 'refuses', true],
    ['2026.2.6-3', 'refuses', false],
    ['2026.2.26', 'saves', true],
    ['2026.3.13', 'saves', true],
    ['2026.4.15', 'saves', true],
    ['2026.5.28', 'ephemeral', true],
    ['2026.6.11', 'ephemeral', true],
    ['2026.7.35', 'ephemeral', true],
    ['2026.8.2', 'ephemeral', true],
    ['2026.9.6', 'ephemeral', true],
  ])('%s with nothing set: %s', (release, does, sure) => expect(whenNothing(release)).toMatchObject({does, sure}))
})

describe('which of several', () => {
  test('what the process holds rules over what would be put there at the next start', () => {
    const unit = copy('systemd-unit', 'B')
    expect(placeOf([unit, copy('process-env', null), copy('dotenv', 'C')], null)).toBe('dotenv')
    expect(placeOf([unit, copy('process-env', 'A')], null)).toBe('process-env')
    expect(placeOf([unit, copy('process-env', null, {kind: 'unreadable'})], null)).toBe('systemd-unit')
    expect(placeOf([unit, copy('systemd-env-file', 'D')], null)).toBe('systemd-env-file')
  })

  test('a blank is passed over, any other placeholder is not', () => {
    const blank = copy('config', null, {kind: 'placeholder'})
    expect(placeOf([blank, copy('dotenv', 'A')], null)).toBe('dotenv')
    expect(placeOf([copy('config', 'P', {kind: 'placeholder'}), copy('dotenv', 'A')], null)).toBe('config')
  })

  test('an included token that a sibling overrides is not heard', () => {
    expect(placeOf([copy('include', 'A', {shadowed: true}), copy('config', 'B')], null)).toBe('config')
    expect(placeOf([copy('include', 'A')], null)).toBe('include')
  })

  test('a service of a compose file', () => {
    expect(placeOf([copy('compose-file', 'A', {key: 'gw.OPENCLAW_GATEWAY_TOKEN'})], null)).toBe('compose-file')
  })
})

describe('what the command line sends', () => {
  const sent = (copies: readonly TokenCopy[], release: string | null, env: Record<string, string> = {}, mode?: string) =>
    cliSends(copies, release, env, mode).copy?.place ?? null

  const shell = {OPENCLAW_GATEWAY_TOKEN: 'x'}

  test.each(releases)('%s, with a variable in the shell and a token in the config', release => {
    const isEnvFirst = at(release) >= at('2026.2.6-3') && at(release) <= at('2026.7.35')
    expect(sent([copy('config', 'A'), copy('shell-env', 'B')], release, shell)).toBe(isEnvFirst ? 'shell-env' : 'config')
    expect(sent([copy('config', 'A'), copy('shell-env', 'B')], release)).toBe('config')
  })

  test('.env and env.vars count as a variable: seen in 2026.6.11, and in 2026.9.6 that they do not', () => {
    for (const place of ['dotenv', 'config-env'] as const) {
      expect(sent([copy('config', 'A'), copy(place, 'B')], '2026.6.11')).toBe(place)
      expect(sent([copy('config', 'A'), copy(place, 'B')], '2026.9.6')).toBe('config')
    }
  })

  test('a template is filled in from the shell, which may not have what the gateway has', () => {
    const gateway = copy('process-env', 'A', {key: 'X'})
    expect(sent([template('X', 'A'), gateway], '2026.9.6')).toBe(null)
    expect(cliSends([template('X', 'A'), gateway], '2026.9.6', {}).because).toContain('this shell does not have')
    expect(sent([template('X', 'A'), copy('shell-env', 'A', {key: 'X'})], '2026.9.6', {X: 'x'})).toBe('shell-env')
  })

  test('in remote mode gateway.remote.token comes first', () => {
    const copies = [copy('config', 'A'), copy('remote-config', 'R', {key: 'gateway.remote.token'}), copy('shell-env', 'B')]
    expect(sent(copies, null, shell, 'remote')).toBe('remote-config')
    expect(sent(copies.slice(0, 1), null, {}, 'remote')).toBe('config')
  })

  test('what only the process of the gateway holds is not sent', () => {
    expect(sent([copy('config', null), copy('process-env', 'A')], '2026.9.6')).toBe(null)
  })
})
