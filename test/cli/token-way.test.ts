import {describe, expect, test} from 'vitest'
import {planOf} from '../../src/domain/plans/make-plan.ts'
import {wayOf} from '../../src/runtime/plans/target.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'

describe('the token of an included file', () => {
  const facts = factsFor('2026.9.6')
  const included = {...facts.config, include: 'whole'} as const
  const way = (comments: boolean) => wayOf(facts.rules, facts.cli, {...included, comments}, facts.backups)

  test('is edited as one string where the file has comments, which the command of OpenClaw would lose', () => {
    expect(way(true)).toEqual({by: 'edit'})
    expect(way(false)).toMatchObject({by: 'patch-stdin'})
  })

  test('and the plan says so before it runs', () => {
    const config = {...included, comments: true}
    const made = planOf('rotate', {...facts, config, target: {...facts.target, way: way(true)}})
    expect('notes' in made && made.notes.join()).toContain('The file has comments')
  })
})
