import {describe, expect, test} from 'vitest'
import type {TokenCopy} from '../../src/domain/token/copy.ts'
import {evaluateCopies, type VerdictInputs} from '../../src/domain/token/evaluate.ts'
import {findRevertCauses, type RevertCase, type RevertSign, worthReporting} from '../../src/domain/token/reverted.ts'
import {findTokenProblems} from '../../src/domain/token/token-problems.ts'
import {copy, plainSetup, takes, template} from './token-copies.ts'

const problemsIn = (copies: readonly TokenCopy[], hostEnv: Partial<VerdictInputs> = {}): string[] =>
  findTokenProblems({copies, release: '2026.9.6', enforced: takes('A'), setup: plainSetup, shellEnv: {}, ...hostEnv}).map(
    ({id, matters}) => (matters ? `${id}!` : id),
  )

describe('what is wrong with the whole', () => {
  const config = copy('config', 'A')
  const setup = (more: object) => ({setup: {...plainSetup, ...more}})

  test.each([
    ['nothing', [config], {}, []],
    ['any token is accepted', [config], {enforced: takes(null, {acceptsAnything: true})}, ['authentication-off!']],
    ['mode none', [config], setup({authMode: 'none'}), ['authentication-off!']],
    ['mode trusted-proxy', [config], setup({authMode: 'trusted-proxy'}), ['other-mode']],
    ['nothing set', [copy('config', null)], {enforced: takes(null, {by: 'unknown'})}, ['ephemeral!']],
    ['a reference to nothing', [template('X', null)], {enforced: takes(null, {by: 'unknown'})}, ['ephemeral!']],
    ['nothing set, 2026.2.26', [], {release: '2026.2.26', enforced: takes(null, {by: 'unknown'})}, ['nothing-set!']],
    ['every token refused', [config], {enforced: takes(null)}, ['unknown-token!']],
    ['an unreadable config', [], setup({problem: 'not JSON5'}), ['config-unreadable']],
    ['a mixed include', [config], setup({include: 'mixed'}), ['mixed-include']],
    ['hooks.token in force as well', [config], setup({hooksDigest: 'A'}), ['hooks-token!']],
    [
      'hooks.token of before',
      [config, copy('backup', 'B', {key: 'gateway.auth.token'})],
      setup({hooksDigest: 'B'}),
      ['hooks-token!'],
    ],
    ['hooks.token of its own', [config, copy('backup', 'B', {key: 'gateway.auth.token'})], setup({hooksDigest: 'C'}), []],
    ['reload off', [config], setup({reloadMode: 'off'}), ['reload-off']],
    ['the command line has nothing', [copy('process-env', 'A')], {}, ['command-line-empty']],
    ['.env in 2026.6.11', [config, copy('dotenv', 'B')], {release: '2026.6.11'}, ['command-line-differs!']],
    ['.env in 2026.9.6', [config, copy('dotenv', 'B')], {}, []],
  ] as const)('%s', (_, copies, hostEnv, expected) => expect(problemsIn(copies, hostEnv)).toEqual(expected))

  test('the cure of a stale shell warns of what the error text says', () => {
    const shellEnv = {OPENCLAW_GATEWAY_TOKEN: 'x'}
    const [problem] = findTokenProblems({
      copies: [config, copy('shell-env', 'B')],
      release: '2026.6.11',
      enforced: takes('A'),
      setup: plainSetup,
      shellEnv,
    })
    expect(problem?.cure).toBe(
      'Run `unset OPENCLAW_GATEWAY_TOKEN`; nothing is wrong with the gateway. Do not set gateway.remote.token, as the error text says.',
    )
  })
})

const sign = (kind: RevertSign['kind']): RevertSign => ({kind, at: 1_764_000_000_000, from: {file: '/log', line: 7}})

const causes = (copies: readonly TokenCopy[], more: Partial<RevertCase> = {}): string[] => {
  const it = {release: '2026.9.6', enforced: takes('A'), shellEnv: {}, signs: [], ...more}
  const seen = evaluateCopies(copies, {...it, setup: plainSetup})
  return findRevertCauses({...it, copies: seen}).map(({cause, sure}) => (sure ? cause : `${cause}?`))
}

describe('it reverted', () => {
  const clobbered = copy('backup', 'B', {
    path: '/openclaw.json.clobbered.2026-11-21T12-00-00-000Z',
    key: 'gateway.auth.token',
  })

  test.each([
    ['nothing points to any cause', [copy('config', 'A')], {}, []],
    [
      'only the command line has the old one',
      [copy('config', 'A'), copy('dotenv', 'B')],
      {release: '2026.6.11'},
      ['command-line-env'],
    ],
    ['the same, where the config is heard first', [copy('config', 'A'), copy('dotenv', 'B')], {}, []],
    ['a variable rules', [copy('config', null), copy('process-env', 'A')], {}, ['no-literal']],
    [
      'a token is made at each start',
      [copy('config', null)],
      {enforced: takes(null), signs: [sign('made-up-token')]},
      ['no-literal'],
    ],
    ['the log says it was restored', [copy('config', 'A')], {signs: [sign('auto-restored')]}, ['auto-restore']],
    ['a config was set aside', [copy('config', 'A'), clobbered], {}, ['auto-restore?']],
    ['the same, before the gateway did that', [copy('config', 'A'), clobbered], {release: '2026.4.15'}, []],
    ['set aside with the same token', [copy('config', 'B'), clobbered], {enforced: takes('B')}, []],
    ['--token in the unit', [copy('start-command', 'A', {key: '--token'}), copy('config', 'B')], {}, ['start-command']],
    ['the gateway takes none that is known', [copy('config', 'B')], {enforced: takes(null)}, ['start-command?']],
  ] as const)('%s', (_, copies, more, expected) => expect(causes(copies, more)).toEqual(expected))

  test('the evidence names the line', () => {
    const [found] = findRevertCauses({
      copies: [copy('config', 'A')],
      release: null,
      enforced: takes('A'),
      shellEnv: {},
      signs: [sign('auto-restored')],
    })
    expect(found?.evidence).toEqual(['2025-11-24T16:00:00.000Z /log:7'])
  })

  test('one that a log tells of is said although all agrees again, for a week', () => {
    const at = Date.parse('2026-11-21T12:00:00Z')
    const [restored] = findRevertCauses({
      copies: [copy('config', 'A')],
      release: null,
      enforced: takes('A'),
      shellEnv: {},
      signs: [{...sign('auto-restored'), at}],
    })
    const read = (days: number, isBroken: boolean) =>
      worthReporting(restored ? [restored] : [], isBroken, at + days * 86_400_000).length
    expect([read(1, false), read(8, false), read(8, true)]).toEqual([1, 0, 1])
  })
})

test('where nothing is set, the token of the newest backup is put back before a new one is made', () => {
  const spot = (changedAt: number) => ({spot: {file: '', at: [], digest: '', changedAt, trusted: []}})
  const backups = [
    copy('backup', 'B', {key: 'gateway.auth.token', path: '/c/openclaw.json.bak', ...spot(1)}),
    copy('backup', 'C', {key: 'gateway.auth.token', path: '/c/openclaw.json.last-good', ...spot(2)}),
  ]
  const cureOf = (copies: readonly TokenCopy[]): string =>
    findTokenProblems({copies, release: '2026.9.6', enforced: takes(null, {by: 'unknown'}), setup: plainSetup, shellEnv: {}})[0]
      ?.cure ?? ''
  expect(cureOf([copy('config', null), ...backups])).toMatch(
    /^Run `gatecrab put-back` \(P\): \/c\/openclaw\.json\.last-good holds/,
  )
  expect(cureOf([copy('config', null)])).toMatch(/^Run `gatecrab rotate`/)
})
