import {describe, expect, test} from 'vitest'
import {plansPart} from '../../src/cli/print/report-rotations.ts'
import type {Entry} from '../../src/domain/plans/journal.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {GatewayFix, Plan} from '../../src/domain/plans/plan.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'

const at = '2026-11-21T12:00:00.000Z'

const planFor = (fix: GatewayFix): Plan => {
  const made = planOf(fix, factsFor('2026.9.6'))
  if (isRefusal(made)) throw new Error(made.refused.title)
  return made
}

const record = (id: string, plan: Plan, end: 'done' | 'undone' | null, changed = true) => {
  const entries: Entry[] = [{at, kind: 'planned', plan, runner: {pid: 7, startedAt: 'x'}}]
  if (end) entries.push({at, kind: 'ended', outcome: end, changed, because: null, left: [], by: null, unknown: false})
  return {id, entries}
}

describe('what a report says of earlier plans', () => {
  const rotate = planFor('rotate')

  test('a rotation can be undone, until it has been, and then it says by what', () => {
    expect(plansPart([record('r1', rotate, 'done')])[2]).toMatch(/^- r1: rotate, done, 0 proofs; `gatecrab undo` can undo it$/)
    const undo = {...rotate, fix: 'undo' as const, undoes: 'r1'}
    expect(plansPart([record('u1', undo, 'done'), record('r1', rotate, 'done')])[3]).toMatch(/; undone since, by u1$/)
  })

  test('what changed nothing, or cannot be undone, promises no way back', () => {
    expect(plansPart([record('s1', planFor('restart'), 'done')])[2]).toMatch(/done, 0 proofs$/)
    expect(plansPart([record('r2', rotate, 'undone', false)])[2]).toMatch(/undone, 0 proofs$/)
  })

  test('one that was cut off names where the way on is', () => {
    expect(plansPart([record('r3', rotate, null)])[2]).toContain('cut off: gatecrab journals shows the way on')
  })
})
