import {expect, test} from 'vitest'
import {problemsOf} from '../../src/domain/diagnosis/all-problems.ts'
import {createLiveNow, type LiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved} from '../../src/domain/live/observed.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {at, refusal} from './event-builders.ts'

const refusedUntil = (seconds: number, live: LiveNow) => {
  const world = createWorld()
  for (let i = 1; i <= 5; i += 1) applyLine(world, refusal(i, 20))
  world.scopes.push({scope: 'operator.read', at: at(3), from: {file: 'log', line: 1}})
  const expected = {world, now: at(seconds), sources: [], live, service: null, copies: null, agents: []}
  return problemsOf(expected).map(({id, harm, title}) => `${harm} ${id}: ${title}`)
}

const upNow: LiveNow = {...createLiveNow(1), observed: {...initialObserved(at(0)), state: 'up', upSince: at(0)}}
const killed: LiveNow = {
  ...createLiveNow(1),
  observed: {...initialObserved(at(6)), state: 'gone', lastEnd: {how: 'cut', code: 1006, text: '', at: at(6)}},
}

test('a gateway that is gone is not called reachable, and refuses nobody any more', () => {
  const before = refusedUntil(8, upNow)
  expect(before.find(text => text.includes('token-mismatch'))).toMatch(/^broken /)
  expect(before.join('\n')).toContain('scope-missing')
  const after = refusedUntil(8, killed)
  expect(after[0]).toMatch(/^broken gateway-killed/)
  expect(after.find(text => text.includes('token-mismatch'))).toBe(
    'note token-mismatch: A client was refused before the gateway ended: token-mismatch',
  )
  expect(after.join('\n')).not.toContain('scope-missing')
})

test('what it is called then is no part of what is printed', () => {
  const world = createWorld()
  for (let i = 1; i <= 5; i += 1) applyLine(world, refusal(i, 20))
  const [found] = problemsOf({world, now: at(8), sources: [], live: upNow, service: null, copies: null, agents: []})
  expect(found).not.toHaveProperty('titleWhenGone')
})

test('a restart of a gateway that is gone, and that no service runs, is refused before a word is typed', () => {
  const none = {is: 'none', because: 'nothing listens there', listener: null} as const
  const supervisor = {...factsFor('2026.9.6').supervisor, kind: 'none', name: null, holder: null} as const
  const made = planOf('restart', factsFor('2026.9.6', {listener: none, supervisor}))
  expect(isRefusal(made) && made.refused).toMatchObject({
    title: 'The gateway does not run, and no service would start it',
    tryThis: 'start it as it was started before. By hand: `openclaw gateway run`.',
  })
  const holder = {pid: 7, command: 'openclaw'}
  expect(isRefusal(planOf('restart', factsFor('2026.9.6', {listener: none, supervisor: {...supervisor, holder}})))).toBe(false)
  expect(isRefusal(planOf('restart', factsFor('2026.9.6', {listener: none})))).toBe(false)
})
