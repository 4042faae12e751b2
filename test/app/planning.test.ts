import {describe, expect, test} from 'vitest'
import {connectedNow} from '../../src/app/connected.ts'
import type {CopiesView} from '../../src/app/panels/panel.ts'
import {planSummary} from '../../src/app/plans/summary.ts'
import {planLines} from '../../src/app/plans/view.ts'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import type {SocketTable} from '../../src/domain/live/socket.ts'
import type {Entry, NewEntry} from '../../src/domain/plans/journal.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {Plan} from '../../src/domain/plans/plan.ts'
import {at} from '../domain/event-builders.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {having, opened, type Session, typed} from './app-driver.ts'

const made = planOf('rotate', factsFor('2026.9.6', {clients: ['control-ui from 100.64.0.7']}))
if (isRefusal(made)) throw new Error(made.refused.title)
const plan: Plan = made

const entry = (more: NewEntry): Entry => ({at: '2026-11-21T12:00:00.000Z', ...more})
const planned = entry({kind: 'planned', plan, runner: {pid: 7, startedAt: 'x'}})
const ended = (outcome: 'done' | 'undone' | 'failed') =>
  entry({kind: 'ended', outcome, changed: outcome === 'done', because: null, left: [], by: null, unknown: false})

const none = {fingerprint: null, digest: null, by: 'unknown', provenAt: null, acceptsAnything: null, because: null} as const
const copies: CopiesView = {enforced: none, copies: [], tokenProblems: [], at: 0}
const atGateway = (): Session => having(opened(), {type: 'copies-read', read: copies})
const shown = (): Session => having(typed(atGateway(), 't'), {type: 'plan-made', plan})
const running = (): Session => having(typed(shown(), '"rotate" enter'), {type: 'plan-entries-read', entries: [planned]})
const away = (): Session => typed(running(), 'esc')
const texts = ({state}: Session): string[] => (state.plan ? planLines(state.plan, true, state.now).map(({text}) => text) : [])

describe('what is to be decided', () => {
  const summary = (height: number): string[] => planSummary(plan, height).map(({label = '', text}) => `${label}${text}`)

  test('stands on one screen of 24 rows: what changes, whom it hurts, what cannot be undone, and each step', () => {
    const lines = summary(21)
    expect(lines.length).toBeLessThanOrEqual(21)
    for (const label of ['Changes', 'Risk', 'Interrupts', 'Cannot undo', 'Left for you'])
      expect(lines.join('\n')).toContain(label)
    expect(lines.filter(text => /^\d+ /.test(text))).toHaveLength(plan.steps.length)
  })

  test('has every step or says how many are left out, and never more lines than there is room for', () => {
    for (let height = 14; height < 60; height += 1) {
      const lines = summary(height)
      expect([height, lines.length <= height]).toEqual([height, true])
      const steps = lines.filter(text => /^\d+ /.test(text)).length
      expect(steps === plan.steps.length || lines.at(-1)?.includes(`and ${plan.steps.length - steps} step`)).toBe(true)
    }
    expect(summary(60).join('\n')).toContain('control-ui from 100.64.0.7 is connected')
  })

  test('tab and c show its commands, m the manual steps; once the word is begun they are letters', () => {
    const view = ({state}: Session) => [state.plan?.view, state.plan?.typed]
    expect([view(shown()), view(typed(shown(), 'tab')), view(typed(shown(), 'c')), view(typed(shown(), 'c c'))]).toEqual([
      ['summary', ''],
      ['whole', ''],
      ['whole', ''],
      ['summary', ''],
    ])
    expect([view(typed(shown(), 'm')), view(typed(shown(), 'm m'))]).toEqual([
      ['manual', ''],
      ['summary', ''],
    ])
    expect(view(typed(shown(), 'r c m'))).toEqual(['summary', 'rcm'])
  })
})

describe('a plan on the screen', () => {
  test('a clock runs on the step in hand, and the end says how long all of it took', () => {
    const [first] = plan.steps
    const began = {...entry({kind: 'step-started', step: first?.id ?? ''}), at: new Date(at(60)).toISOString()}
    const later = having(running(), {type: 'plan-entries-read', entries: [planned, began]}, {type: 'ticked', now: at(67)})
    expect(texts(later).find(text => text.startsWith('>'))).toContain('7s so far')
    const end = {...ended('done'), at: '2026-11-21T12:00:15.000Z'}
    const proved = entry({kind: 'proved', step: first?.id ?? '', what: 'x', ok: true})
    expect(texts(having(running(), {type: 'plan-entries-read', entries: [planned, proved, end]}))[1]).toBe(
      'Done in 15s, 1 check passed.',
    )
  })

  test('what it interrupts stands before its steps', () => {
    const lines = texts(shown())
    const first = lines.findIndex(text => text.includes('Check that the file has not changed'))
    expect(lines.indexOf('- control-ui from 100.64.0.7 is connected')).toBeLessThan(first)
    expect(lines.indexOf('It interrupts')).toBeGreaterThan(0)
  })

  test('how it ended stands above them', () => {
    expect(texts(having(running(), {type: 'plan-entries-read', entries: [planned, ended('undone')]}))[1]).toContain(
      'everything was put back',
    )
  })

  test('one that runs and is put away goes on, and its key shows it again instead of making another', () => {
    expect([away().state.plan, away().state.backgroundPlan?.phase]).toEqual([null, 'running'])
    const again = typed(away(), 't')
    expect([again.state.plan?.phase, again.state.backgroundPlan]).toEqual(['running', null])
    expect(again.effects.filter(({type}) => type === 'make-plan')).toHaveLength(1)
  })

  test('it says so when it is done, and opens the board', () => {
    const done = having(away(), {type: 'plan-entries-read', entries: [planned, ended('done')]})
    expect([done.state.plan, done.state.backgroundPlan, done.state.notice?.text]).toEqual([null, null, 'rotate is done'])
    expect(done.state.boardSince).not.toBeNull()
  })

  test('done with a new token it says what is next, and b, p and u do it', () => {
    const done = having(running(), {type: 'plan-entries-read', entries: [planned, ended('done')]})
    const board = typed(done, 'b')
    expect([board.state.plan, board.state.boardSince !== null, board.state.panel]).toEqual([null, true, 'clients'])
    expect(typed(done, 'p').effects.at(-1)).toEqual({type: 'make-plan', fix: 'propagate'})
    expect(typed(done, 'u').effects.at(-1)).toEqual({type: 'make-plan', fix: 'undo'})
  })

  test('esc closes the board, and so does the key of the panel that it lies over', () => {
    const board = typed(having(running(), {type: 'plan-entries-read', entries: [planned, ended('done')]}), 'b')
    expect(typed(board, 'esc').state.boardSince).toBeNull()
    expect(typed(board, '1').state.boardSince).toBeNull()
    expect(typed(board, '3').state.boardSince).toBe(board.state.boardSince)
    expect(typed(board, '1 b').state.boardSince).toBe(board.state.boardSince)
  })

  test('neither a plan that changed no token of the gateway nor one that finished another moves the board', () => {
    const board = typed(having(running(), {type: 'plan-entries-read', entries: [planned, ended('done')]}), 'b')
    const later = '2026-11-21T13:00:00.000Z'
    const other = (more: Partial<Plan>): readonly Entry[] => [
      {...entry({kind: 'planned', plan: {...plan, ...more}, runner: {pid: 7, startedAt: 'x'}}), at: later},
      {...ended('done'), at: later},
    ]
    const withoutToken = plan.steps.filter(({act}) => act.do !== 'write-token')
    for (const more of [
      {fix: 'undo', steps: withoutToken},
      {continues: 'x', steps: withoutToken},
    ] as const)
      expect(having(board, {type: 'plan-entries-read', entries: other(more)}).state.boardSince).toBe(board.state.boardSince)
  })

  test('a rotation that only the log tells of is the last one, though an earlier plan is known', () => {
    const recalled = having(atGateway(), {type: 'rotation-recalled', entries: [planned, ended('done')]})
    const at = Date.parse('2026-11-21T12:30:00.000Z')
    recalled.state.world.timeline.push({at, kind: 'rotation', text: '', from: {file: 'gw.log', line: 1}})
    expect(typed(recalled, 'b').state.boardSince).toBe(at)
  })

  test.each(['undone', 'failed'] as const)('it comes back when it is %s', outcome => {
    const back = having(away(), {type: 'plan-entries-read', entries: [planned, ended(outcome)]})
    expect([back.state.plan?.phase, back.state.backgroundPlan]).toEqual(['ended', null])
  })

  test('it comes back when it was cut off', () => {
    const lost = having(away(), {type: 'plan-refused', problem: {title: 'The plan was cut off', from: 'us'}})
    expect([lost.state.plan?.refused?.title, lost.state.backgroundPlan]).toEqual(['The plan was cut off', null])
  })

  test('its heading says that it was interrupted, not that it cannot run', () => {
    const lost = having(running(), {type: 'plan-refused', problem: {title: 'The process died', from: 'us'}})
    expect(texts(lost)[0]).toBe('rotate was interrupted')
    const refused = having(typed(atGateway(), 't'), {type: 'plan-refused', problem: {title: 'No', from: 'us'}})
    expect(texts(refused)[0]).toBe('rotate cannot run now')
  })

  test('one that only was looked at is gone', () => {
    const {state} = typed(shown(), 'esc')
    expect([state.plan, state.backgroundPlan]).toEqual([null, null])
  })

  test('one that is found at the start is shown, but not over another', () => {
    const found = having(atGateway(), {type: 'plan-found', plan, entries: []})
    expect(found.state.plan?.phase).toBe('shown')
    expect(having(away(), {type: 'plan-found', plan, entries: []}).state.plan).toBeNull()
  })
})

describe('who is connected', () => {
  test('many are told by their number', () => {
    const clients = Array.from({length: 40}, (_, i) => `client-${i}`)
    const many = planOf('rotate', factsFor('2026.9.6', {clients}))
    expect(isRefusal(many) ? [] : many.interrupts.slice(-2)).toEqual(['client-11 is connected', 'and 28 more are connected'])
  })

  test('as the gateway and the system know them, else as the log does', () => {
    const client: ConnectedClient = {
      ...{
        key: 'a',
        name: 'node-host',
        displayName: 'studio',
        mode: 'node',
        version: null,
        platform: null,
        from: 'local',
        since: 1,
      },
      ...{by: 'presence', process: null, pid: null, user: null, endpoint: null, deviceId: null, attemptId: null},
    }
    const table: SocketTable = {port: 1, listeners: [], connections: [], problem: null, at: 1, tookMs: 0}
    const {world} = opened().state
    expect(connectedNow({world, live: {...createLiveNow(1), table, connectedClients: [client]}})).toEqual([
      'studio from this host',
    ])
    expect(connectedNow({world, live: createLiveNow(1)})).toEqual([])
  })
})

test(':journals lists what ran', () => {
  const asked = typed(atGateway(), ': "journals" enter')
  expect(asked.effects).toEqual([{type: 'list-journals'}])
  const listed = having(asked, {type: 'journals-listed', lines: ['2026-11-21T12-00-00.000Z-rotate done']})
  expect(listed.state.overlay).toMatchObject({kind: 'journals', top: 0})
  expect(typed(listed, 'esc').state.overlay).toBeNull()
  expect(typed(opened(), ': "journals" enter').state.notice?.text).toContain('no plan runs')
})
