import {describe, expect, test} from 'vitest'
import {statusLine} from '../../src/app/header.ts'
import {problemLines, problemsText} from '../../src/app/problems.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved} from '../../src/domain/live/observed.ts'
import {at, refusal} from '../domain/event-builders.ts'
import {having, opened, readLines} from './app-driver.ts'

const text = (session: ReturnType<typeof opened>): string =>
  problemLines(session.state)
    .map(({label, text}) => `${label}${text}`)
    .join('\n')

test('what is wrong is judged once a second, told with its layer, its evidence and the first step', () => {
  const session = having(readLines(opened(), [refusal(1, 20)]), {type: 'ticked', now: at(21)})
  expect(problemsText(session.state)).toEqual([{text: 'i: 1 problem', role: 'bad'}])
  expect(text(session)).toMatch(
    /^What is wrong now, the most harmful first\n\n● broken {2}A client is refused: token-mismatch\n {4}why {3}.+\n {4}do {4}.+\n {4}what {2}gateway session; certain; seen now\n {4}see {3}log:1/,
  )
})

describe('a plan that was interrupted', () => {
  const at0 = at(0)
  const known = (what: 'finish' | 'close') => ({
    interrupted: {
      id: 'x-rotate',
      fix: 'rotate',
      at: at0,
      next: {do: what, words: 'The new token is in the config.'},
      file: '/j',
    } as const,
    unwritable: null,
  })
  const words = (session: ReturnType<typeof opened>): string =>
    statusLine(session.state, true)
      .map(cell => cell.text)
      .join(' | ')
  const cutOff = (what: 'finish' | 'close') =>
    having(opened(), {type: 'plans-known', plans: known(what)}, {type: 'ticked', now: at(21)})

  test('is said in the header and in the problems, with the key that finishes it', () => {
    expect(words(cutOff('finish'))).toContain('rotate was interrupted: t')
    expect(text(cutOff('finish'))).toContain('Press t: it shows the plan that finishes this one')
    expect(text(cutOff('finish'))).toContain('gatecrab journals --continue x-rotate')
  })

  test('names no key where none leads on', () => {
    expect(words(cutOff('close'))).not.toContain('interrupted')
    expect(text(cutOff('close'))).not.toContain('Press t')
  })
})

test('nothing wrong is told as what it is, beside what nobody could find out', () => {
  const session = having(opened({live: createLiveNow(1)}), {
    type: 'observed',
    observed: {...initialObserved(0), because: 'no token is known here'},
    at: at(60),
  })
  expect(problemsText(session.state)).toEqual([])
  expect(text(session)).toContain('Nothing that gatecrab knows of is wrong.')
  expect(text(session)).toContain('Not known\n  the gateway itself: no token is known here')
})

test('e asks for a report, but not of the past', () => {
  expect(having(opened(), {type: 'report-asked'}).effects).toEqual([{type: 'write-report'}])
})
