import {expect, test} from 'vitest'
import {copyProblems} from '../../src/domain/diagnosis/token-and-login-problems.ts'
import type {CopyProblemId} from '../../src/domain/token/copy-problems.ts'
import {createCopyProblem, withProblems} from '../../src/domain/token/copy-problems.ts'
import {copy} from './token-copies.ts'

const bad = (id: CopyProblemId) => {
  const one = copy('dotenv', 'B', {path: `/${id}`})
  return withProblems(one, [createCopyProblem(id, one)])
}

const title = (...ids: CopyProblemId[]): string | undefined =>
  copyProblems({copies: ids.map(bad), tokenProblems: []}, 0)[0]?.title

test('the problem says how many copies it is about, and whether they are old', () => {
  expect(title('stale')).toBe('A stored copy of the token is out of date')
  expect(title('stale', 'stale')).toBe('2 stored copies of the token are out of date')
  expect(title('stale', 'open-to-all', 'open-mode')).toBe('2 stored copies of the token need attention')
  expect(title('open-mode')).toBeUndefined()
})

test('of no single copy it says what is wrong with the token', () => {
  const problems = [{id: 'ephemeral', title: 'No token is set anywhere', cure: '', matters: true}] as const
  expect(copyProblems({copies: [], tokenProblems: problems}, 0)[0]?.title).toBe('No token is set anywhere')
})
