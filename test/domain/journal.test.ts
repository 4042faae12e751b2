import {describe, expect, test} from 'vitest'
import {continuation, filesWritten, lastChild, type PlanCondition, tokenDigests} from '../../src/domain/plans/continuation.ts'
import {type Entry, endEntry, type NewEntry, plannedEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {GatewayFix, Plan} from '../../src/domain/plans/plan.ts'
import type {TokenCopy} from '../../src/domain/token/copy.ts'
import {copy, factsFor} from '../fixtures/stubs/facts.ts'

const made = (fix: GatewayFix, more: Parameters<typeof factsFor>[1] = {}): Plan => {
  const plan = planOf(fix, factsFor('2026.9.6', more))
  if (isRefusal(plan)) throw new Error(plan.refused.title)
  return plan
}

const runner = {pid: 1, startedAt: 'then'}
const at = '2026-11-21T12:00:00.000Z'
const entries = (plan: Plan, ...events: NewEntry[]): Entry[] => [
  {at, kind: 'planned', plan, runner},
  ...events.map(one => ({at, ...one})),
]
const started = (step: string): NewEntry => ({kind: 'step-started', step})
const wrote = (step: string, digest: string, to: string | null = null): NewEntry => ({
  kind: 'step-ended',
  step,
  ok: true,
  ms: 1,
  because: null,
  wrote: {seal: 'sealed', mark: digest, from: null, to},
})
const ended: NewEntry = {kind: 'ended', outcome: 'done', changed: true, because: null, left: [], by: null, unknown: false}
const gone: PlanCondition = {runner: 'gone', child: 'gone', token: 'before'}

describe('the one right continuation', () => {
  const rotate = made('rotate')
  const writing = entries(rotate, started('back-up'), wrote('back-up', 'old'), started('write'))

  test.each([
    ['came to its end', [...writing, {at, ...ended}], gone, null],
    ['runs', writing, {...gone, runner: 'alive'}, 'wait'],
    ['has a command that outlived it', writing, {...gone, child: 'alive'}, 'wait'],
    ['had only been planned', entries(rotate), gone, 'close'],
    ['had only looked', entries(rotate, started('accepted'), started('back-up')), gone, 'close'],
    ['had not written yet', writing, gone, 'close'],
    ['had written', writing, {...gone, token: 'after'}, 'finish'],
    ['was overtaken by somebody else', writing, {...gone, token: 'other'}, 'close'],
    ['has a config that cannot be read', writing, {...gone, token: 'unreadable'}, 'look'],
    ['was undoing itself', [...writing, {at, ...started('roll-back')}], {...gone, token: 'after'}, 'roll-back'],
    ['had undone itself, unproved', [...writing, {at, ...started('roll-back')}], gone, 'roll-back'],
  ] as const)('of a rotation that %s', (_, events, look, does) => {
    expect(continuation(events as readonly Entry[], look)?.do ?? null).toBe(does)
  })

  test('of a restart: it had been asked for', () => {
    expect(continuation(entries(made('restart'), started('restart')), gone)).toMatchObject({
      do: 'close',
      words: expect.stringContaining('verify'),
    })
  })

  test('of files: the same again does the rest', () => {
    const stale = copy({place: 'dotenv', path: '/x/.env', verdict: 'differs', wins: false})
    const plan = made('propagate', {copies: [copy(), stale]})
    expect(continuation(entries(plan, started('copy-1')), gone)).toMatchObject({
      do: 'again',
      words: expect.stringContaining('gatecrab propagate'),
    })
  })

  test('of nothing that can be read', () => {
    expect(continuation([], gone)?.do).toBe('close')
  })
})

test('what a plan noted of the token before and after', () => {
  const text: NewEntry = {kind: 'step-said', step: 'write', text: 'new token: 2222…2222', child: null, mark: 'new'}
  const plan = made('rotate')
  const cut = entries(plan, wrote('back-up', 'old'), started('write'), text)
  expect(tokenDigests(cut)).toMatchObject({before: {mark: 'old'}, after: {mark: 'new', fingerprint: '2222…2222'}})
  const whole = [...cut, {at, ...wrote('write', 'new', '2222…2222')}]
  expect(tokenDigests(whole).after).toEqual({mark: 'new', fingerprint: '2222…2222'})
  expect(tokenDigests(entries(plan)).after).toBeNull()
})

test('what a plan wrote of files', () => {
  const stale = copy({place: 'dotenv', path: '/x/.env', verdict: 'differs', wins: false})
  const plan = made('propagate', {copies: [copy(), stale]})
  expect(filesWritten(entries(plan, wrote('back-up-1', 'm'), wrote('copy-1', 'm')))).toEqual([
    {file: '/x/.env', backup: `${plan.backups}/copy-1`, seal: 'sealed', from: null, to: null, what: 'gateway.auth.token'},
  ])
})

describe('a file with two copies', () => {
  const one = (key: string): TokenCopy =>
    copy({place: 'dotenv', path: '/x/.env', key, verdict: 'differs', wins: false, fingerprint: 'aaaa…aaaa'})
  const plan = made('propagate', {copies: [copy(), one('A'), one('B')]})
  const sealed = (step: string, seal: string, from: string | null = null, to: string | null = null): NewEntry => ({
    kind: 'step-ended',
    step,
    ok: true,
    ms: 1,
    because: null,
    wrote: {seal, mark: null, from, to},
  })
  const first = [sealed('back-up-1', 'before'), sealed('copy-1', 'half', 'aaaa', 'cccc')]

  test('is put back from before the first write, if it is what the last one made', () => {
    expect(filesWritten(entries(plan, ...first, sealed('back-up-2', 'half'), sealed('copy-2', 'whole', 'bbbb', 'cccc')))).toEqual(
      [{file: '/x/.env', backup: `${plan.backups}/copy-1`, seal: 'whole', what: 'A, B', from: null, to: 'cccc'}],
    )
  })

  test('keeps what somebody wrote between the two', () => {
    const written = filesWritten(
      entries(plan, ...first, sealed('back-up-2', 'edited'), sealed('copy-2', 'whole', 'bbbb', 'cccc')),
    )
    expect(written.map(({backup, seal}) => [backup, seal])).toEqual([
      [`${plan.backups}/copy-1`, 'half'],
      [`${plan.backups}/copy-2`, 'whole'],
    ])
  })
})

test('the command that was started last', () => {
  const child = {pid: 7, startedAt: 'now'}
  const outputOf = (one: typeof child | null): NewEntry => ({kind: 'step-said', step: 'write', text: '', child: one, mark: null})
  expect(lastChild(entries(made('rotate'), outputOf(child), outputOf(null)))).toEqual(child)
  expect(lastChild(entries(made('rotate')))).toBeNull()
})

test('entries are read back as they were written, and a torn line is left out', () => {
  const all = entries(made('rotate'), started('back-up'), ended)
  const text = `${all.map(entry => JSON.stringify(entry)).join('\n')}\n{"at":"x","kind":"step-`
  expect(readEntries(text)).toEqual(all)
  expect(plannedEntry(readEntries(text))?.plan.fix).toBe('rotate')
  expect(endEntry(readEntries(text))?.outcome).toBe('done')
})
