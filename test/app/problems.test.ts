import {expect, test} from 'vitest'
import {problemLines, problemsText} from '../../src/app/problems.ts'
import {notObserved} from '../../src/domain/live/live-gateway.ts'
import {newLiveNow} from '../../src/domain/live/live-now.ts'
import {at, refusal} from '../domain/telling.ts'
import {having, heardLines, opened} from './session.ts'

const text = (session: ReturnType<typeof opened>): string =>
  problemLines(session.state)
    .map(({label, text: said}) => `${label}${said}`)
    .join('\n')

test('what is wrong is judged once a second, told with its layer, its evidence and the first step', () => {
  const session = having(heardLines(opened(), [refusal(1, 20)]), {type: 'ticked', now: at(21)})
  expect(problemsText(session.state)).toEqual([{text: 'i: 1 problem', role: 'bad'}])
  expect(text(session)).toMatch(
    /^What is wrong now, the most harmful first\n\n● broken {2}A client is turned away: token-mismatch\n {4}why {3}.+\n {4}do {4}.+\n {4}what {2}gateway session; certain; seen now\n {4}see {3}log:1/,
  )
})

test('nothing wrong is told as what it is, beside what nobody could find out', () => {
  const session = having(opened({live: newLiveNow(1)}), {
    type: 'observed',
    observed: {...notObserved(0), because: 'no token is known here'},
    at: at(60),
  })
  expect(problemsText(session.state)).toEqual([])
  expect(text(session)).toContain('Nothing that gatecrab knows of is wrong.')
  expect(text(session)).toContain('Not known\n  the gateway itself: no token is known here')
})

test('e asks for a report, but not of the past', () => {
  expect(having(opened(), {type: 'report-asked'}).effects).toEqual([{type: 'write-report'}])
})
