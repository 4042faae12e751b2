import {describe, expect, test} from 'vitest'
import {statusLine} from '../../src/app/header.ts'
import {chosenProblem, problemGroups} from '../../src/app/problem-list.ts'
import {problemDetail, problemsText, unknowns} from '../../src/app/problems.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved} from '../../src/domain/live/observed.ts'
import {at, read, refusal} from '../domain/event-builders.ts'
import {having, opened, readLines, type Session, typed} from './app-driver.ts'

const text = (session: ReturnType<typeof opened>): string =>
  [
    ...session.state.assessment.problems.flatMap(problem => problemDetail(problem, session.state)),
    ...unknowns(session.state).map(text => ({label: 'not known ', text})),
  ]
    .map(({label, text}) => `${label}${text}`)
    .join('\n')

test('what is wrong is judged once a second, told with its layer, its evidence and the first step', () => {
  const session = having(readLines(opened(), [refusal(1, 20)]), {type: 'ticked', now: at(21)})
  expect(problemsText(session.state)).toEqual([{text: 'i: 1 problem', role: 'bad'}])
  expect(text(session)).toMatch(
    /^A client uses an old or wrong token\nwhy {2}.+\ndo {3}.+\nwhat token-mismatch; broken; gateway session; certain; seen now\nsee {2}log:1/,
  )
})

test('a channel is named whole, and no key is offered that would not help it', () => {
  const line = read(20, {
    kind: 'channel-trouble',
    channel: 'telegram',
    account: 'default',
    because: 'channel exited: Unauthorized',
  })
  const {state} = having(readLines(opened(), [line]), {type: 'ticked', now: at(21)})
  const [item] = problemGroups(state).flatMap(({items}) => items)
  expect(item).toMatchObject({who: 'telegram/default', fix: null})
  expect(item?.problem.id).toBe('channel-failing')
})

describe('a plan that was interrupted', () => {
  const at0 = at(0)
  const cutOffState = (what: 'finish' | 'close') => ({
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
    having(opened(), {type: 'plans-read', plans: cutOffState(what)}, {type: 'ticked', now: at(21)})

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
  expect(text(session)).toContain('not known the gateway itself: no token is known here')
})

test('e asks for a report, but not of the past', () => {
  expect(having(opened(), {type: 'report-asked'}).effects).toEqual([{type: 'write-report'}])
})

describe('the list of problems', () => {
  const loaded = read(10, {kind: 'config-applied', what: 'gateway.auth.token'})
  const tokenless = refusal(9, 22, {
    text: 'unauthorized: gateway token missing',
    authReason: 'token_missing',
    remote: '192.0.2.8',
  })
  const listed = typed(having(readLines(opened(), [loaded, refusal(1, 20), tokenless]), {type: 'ticked', now: at(23)}), 'i')
  const groups = (session: Session) =>
    problemGroups(session.state).map(({head, items}) => [head?.split(' ')[0] ?? null, items.map(({problem}) => problem.id)])
  const chosen = (session: Session) => chosenProblem(session.state)?.problem.id

  test('stands under the event that explains it, and the cursor goes through all of it', () => {
    expect(groups(listed)).toEqual([
      ['caused', ['token-mismatch']],
      ['not', ['token-missing']],
    ])
    expect([chosen(listed), chosen(typed(listed, 'j')), chosen(typed(listed, 'j j k'))]).toEqual([
      'token-mismatch',
      'token-missing',
      'token-mismatch',
    ])
  })

  test('enter shows the clients of one, l its lines, and the key of the fix asks for its plan', () => {
    const clients = typed(listed, 'enter')
    expect([clients.state.overlay, clients.state.panel, clients.state.filter.text]).toEqual([
      null,
      'clients',
      'reason:token-mismatch',
    ])
    const lines = typed(listed, 'j l')
    expect([lines.state.panel, lines.state.evidence?.title]).toEqual(['log', 'token-missing'])
    expect(typed(listed, 'p').state.plan ?? typed(listed, 'p').state.notice).not.toBeNull()
  })

  test('m mutes one for an hour, then for longer, then not; its time over, it is told again', () => {
    const once = typed(listed, 'm')
    expect(groups(once)).toEqual([
      [null, ['token-missing']],
      ['muted', ['token-mismatch']],
    ])
    expect(problemsText(once.state)).toEqual([
      {text: 'i: 1 problem', role: 'bad'},
      {text: '1 muted', role: 'dim'},
    ])
    expect(groups(typed(listed, 'm m m m'))).toEqual(groups(listed))
    const later = having(once, {type: 'ticked', now: at(23 + 3601)})
    expect(later.state.muted.size).toBe(0)
  })

  test('y copies all that is known of one', () => {
    expect(typed(listed, 'y').effects).toEqual([
      {type: 'copy', text: expect.stringContaining('A client uses an old or wrong token')},
    ])
  })
})
