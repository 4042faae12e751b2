import {describe, expect, test} from 'vitest'
import {statusLine, titleLine} from '../../src/app/header.ts'
import {allMetrics} from '../../src/app/metrics/metrics.ts'
import {problemDetail, unknowns} from '../../src/app/problems.ts'
import {clientEntries} from '../../src/app/rows/client-entries.ts'
import type {Cell} from '../../src/app/rows/rows.ts'
import {openingState, type State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {assessState} from '../../src/cli/commands/check-watch.ts'
import {pageOf} from '../../src/cli/commands/metrics.ts'
import {assessmentJson, assessmentText, codes} from '../../src/cli/print/assessment.ts'
import {clientJson} from '../../src/cli/print/attempt.ts'
import {inMarkdown} from '../../src/cli/print/report-text.ts'
import {everyClient} from '../../src/domain/attempts/clients.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import type {GatewayContext} from '../../src/runtime/context.ts'
import {reportedBy} from '../../src/runtime/watchers/report.ts'
import {at, refusal} from '../domain/event-builders.ts'
import {type Moment, moments, stateAt} from './moments.ts'

const port = 18_789
const where = {
  config: {port},
  ...{remote: null, release: null, releaseGiven: null, problem: null},
} as unknown as GatewayContext

type Checked = ReturnType<typeof assessmentJson>

const pageAt = (state: State): Promise<string> =>
  pageOf(allMetrics, () => ({
    ...{state, version: '1', release: null},
    own: {cpuSeconds: 1, rssBytes: 1, startedAt: state.now},
  }))()

const samples = (page: string, name: string): number[] =>
  page
    .split('\n')
    .flatMap(line => (line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)) ? [Number(line.split(' ').at(-1))] : []))
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const textOf = (cells: readonly Cell[]): string => cells.map(({text}) => text).join('   ')

/** One line, however it was wrapped, and without the marks that keep Markdown quiet. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('\\', '')

const gatewayWords: Record<string, RegExp> = {
  up: /\bup\b/,
  busy: /too busy/,
  foreign: /another program has its port/i,
  frozen: /frozen/i,
  starting: /\bstarting/,
  restarting: /restarting/,
  stopping: /stopping/,
  stopped: /\bstopped/,
  killed: /GONE|killed/,
  unreachable: /no answer|unreachable/,
  unknown: /unknown/,
}

const isDown = ['foreign', 'frozen', 'starting', 'restarting', 'stopping', 'stopped', 'killed', 'unreachable']

const facesOf = async (moment: Moment) => {
  const state = stateAt(moment)
  const assessment = assessState(state, where)
  const check: Checked = assessmentJson(assessment)
  return {
    ...{state, check, code: codes[assessment.verdict], text: flat(assessmentText(assessment))},
    ...{title: titleLine(state), status: statusLine(state, false), page: await pageAt(state)},
    problems: flat(
      [
        ...state.assessment.problems.flatMap(problem => problemDetail(problem, state)),
        ...unknowns(state).map(text => ({label: '', text})),
      ]
        .map(({label, text}) => `${label} ${text}`)
        .join('\n'),
    ),
    report: flat(inMarkdown({...reportedBy(state), plans: []})),
  }
}

test('before a line was read nothing is green', () => {
  const [moment] = moments
  const opened = openingState({kind: 'live', host: 'mini', release: null, port, now: 0, readonly: false, readingHistory: true})
  for (const state of [opened, update(opened, {type: 'ticked', now: 1000})[0]])
    expect([state.assessment.verdict, statusLine(state, false)[0]?.text]).toEqual(['unknown', '? nothing read yet'])
  const read = update(opened, {type: 'lines-received', lines: moment?.lines ?? []})[0]
  expect([titleLine(read).at(-1)?.text, read.assessment.gateway.is]).toEqual([expect.stringMatching(/^up/), 'up'])
})

test('a refusal is in the header as soon as it is in a row', () => {
  const opened = openingState({kind: 'live', host: 'mini', release: null, port, now: at(2), readonly: false})
  const lines = update(opened, {type: 'lines-received', lines: [{...refusal(1, 1), text: ''} as LogLine]})[0]
  expect([lines.assessment.refused, statusLine(lines, false)[0]]).toEqual([1, {text: '● refusing 1 client', role: 'bad'}])
})

describe('every face of the program says the same of', () => {
  test.each(moments.map(moment => [moment.name, moment] as const))('%s', async (_name, moment) => {
    const {state, check, code, text, title, status, page, problems, report} = await facesOf(moment)
    const {verdict} = check
    const [said] = status
    const header = textOf(status)

    // The verdict: red is what is broken, green what is fine, and a question mark what is not known.
    const colours = status.map(({role}) => role)
    expect({verdict, isRed: colours.includes('bad')}).toEqual({verdict, isRed: verdict === 'broken'})
    const isAsking = said?.text.startsWith('?') === true
    if (isAsking) expect(['unknown', 'broken']).toContain(verdict)
    if (verdict === 'unknown') expect(said?.text).toMatch(/^\?/)
    if (said?.role === 'good') expect([verdict, check.problems.filter(({harm}) => harm !== 'note')]).toEqual(['ok', []])
    if (verdict === 'soon') expect(colours).toContain('warn')
    expect(code).toBe({ok: 0, broken: 1, soon: 2, unknown: 3}[verdict])
    expect(report).toContain(`verdict: ${verdict}`)

    // The problems: the same, in the same order, since the same time, as often.
    const expected = state.assessment.problems
    expect(check.problems.map(({id}) => id)).toEqual(expected.map(({id}) => id))
    expect(check.problems.map(({since}) => Date.parse(since))).toEqual(expected.map(({since}) => since))
    for (const {title: name, count, since} of expected) {
      for (const fields of [problems, text, report]) expect(fields).toContain(flat(name))
      expect(since).toBeLessThanOrEqual(moment.now)
      if (count > 1) for (const fields of [problems, text, report]) expect(fields).toContain(`${count} times`)
    }
    const wrong = expected.filter(({harm}) => harm !== 'note').length
    expect(/i: (\d+) problem/.exec(header)?.[1] ?? '0').toBe(String(wrong))

    // Who is refused.
    const {refused} = check.clients
    expect(samples(page, 'gatecrab_clients_refused')).toEqual([refused])
    const count = said?.role === 'bad' ? /● refusing (\d+)|● (\d+) clients? refused/.exec(header) : null
    const isGatewayWell = !/gateway|program/.test(said?.text ?? '')
    if (isGatewayWell && verdict !== 'unknown') expect(Number(count?.[1] ?? count?.[2] ?? 0)).toBe(refused)
    const rows = clientEntries(everyClient(state.world.clients), moment.now, state.live)
    const failing = rows.filter(({state: is}) => is === 'storm' || is === 'stuck')
    if (said?.role === 'good') expect(failing.map(({key}) => key)).toEqual([])
    const listed = everyClient(state.world.clients).map(client => clientJson(client, moment.now) as {state: string})
    expect(listed.filter(({state: is}) => is === 'storm' || is === 'stuck').length).toBeGreaterThanOrEqual(refused)

    // The gateway itself.
    const {is} = check.gateway
    expect(is).toBe(state.assessment.gateway.is)
    const words = gatewayWords[is]
    for (const fields of [textOf(title), text, report]) expect(fields).toMatch(words ?? /^$/)
    expect(samples(page, 'gatecrab_gateway_up')).toEqual(isDown.includes(is) ? [0] : is === 'unknown' ? [] : [1])

    // What was counted.
    const {gatewayAuthFailures, providerAuthFailures} = check.counters
    expect(report).toContain(`failed sign-ins: gateway ${gatewayAuthFailures}, model providers ${providerAuthFailures}`)
    expect(sum(samples(page, 'gatecrab_gateway_auth_failures_total'))).toBe(gatewayAuthFailures)
    expect(sum(samples(page, 'gatecrab_provider_auth_failures_total'))).toBe(providerAuthFailures)

    // The token in force, and the logins.
    const fingerprint = check.copies?.enforced.fingerprint ?? null
    expect(/token (\S+)/.exec(textOf(title))?.[1] ?? null).toBe(fingerprint)
    const inForce = Array.from(report.matchAll(/: (\S+), [a-z-]+, in force/g), ([, found]) => found)
    expect(inForce).toEqual(fingerprint === null ? [] : [fingerprint])
    const isGone = expected.some(({id}) => id === 'login-gone')
    if (/in use gone/.test(header)) expect(isGone).toBe(true)
    if (/ left( |$)/.test(header)) expect(expected.some(({id}) => id === 'login-ends')).toBe(true)
  })
})
