import {describe, expect, test} from 'vitest'
import {statusLine} from '../../src/app/header.ts'
import type {PortHolder, ServiceFacts, Supervisor} from '../../src/domain/service/service.ts'
import {createCopyProblem, withProblems} from '../../src/domain/token/copy-problems.ts'
import {copy, takes} from '../domain/token-copies.ts'
import {type Moment, moments, stateAt} from './moments.ts'

const port = 18_789

const supervisor = (more: Partial<Supervisor>): Supervisor => ({
  ...{kind: 'launchd', domain: 'gui/501', name: 'ai.openclaw.gateway', file: '/plist', alsoFiles: []},
  ...{isLoaded: true, isEnabled: true, state: 'running', isRunning: true, pid: 100, runs: 1, lastExit: null, hasFailed: false},
  variables: [],
  program: {runtime: 'node', entry: '/o.js', version: '2026.9.6', port, hasTokenFlag: false},
  ...more,
})

const python: PortHolder = {
  ...{pid: 7, process: 'python3', user: 'ops', uid: 501, runtime: null, parents: [1], host: '127.0.0.1'},
}

const facts = (at: number, supervisors: Supervisor[], more: Partial<ServiceFacts> = {}): ServiceFacts => ({
  ...{at, supervisors, unasked: [], holders: [], port, shell: null, environment: null, exposure: null, files: []},
  ...more,
})

const ended = {isRunning: false, pid: null, state: 'not running'} as const
const loops = {...ended, state: 'spawn scheduled', runs: 41, lastExit: '78: EX_CONFIG', hasFailed: true} as const

const services: readonly (readonly [string, (now: number) => ServiceFacts | null])[] = [
  ['no service asked', () => null],
  ['a service that has ended', now => facts(now, [supervisor({...ended, lastExit: '0'})])],
  ['a service that is not loaded', now => facts(now, [supervisor({...ended, isLoaded: false})])],
  ['a service that is switched off', now => facts(now, [supervisor({...ended, isLoaded: false, isEnabled: false})])],
  ['a service that starts', now => facts(now, [supervisor({...ended, phase: 'starting', phaseEndsAt: now + 9000})])],
  ['a service in a loop', now => facts(now, [supervisor(loops)])],
  ['a service in a loop, its port taken', now => facts(now, [supervisor(loops)], {holders: [python]})],
  ['no service, and its port taken', now => facts(now, [], {holders: [python]})],
  ['a service that the system ended for memory', now => facts(now, [supervisor({...ended, endedBy: 'memory', lastExit: '9'})])],
]

const states: readonly (readonly [string, Moment])[] = moments.flatMap(moment =>
  services.map(([name, service]) => [`${moment.name}; ${name}`, {...moment, service: service(moment.now)}] as const),
)

/** Each set is one fact in the words of whoever tells it: the file, the log, the service, the port. */
const facets: Readonly<Record<string, readonly string[]>> = {
  'the gateway does not run': [
    ...['gateway-killed', 'gateway-stopped', 'gateway-down', 'gateway-unreachable', 'gateway-starting', 'gateway-frozen'],
    ...['service-stopped', 'service-disabled', 'service-not-loaded', 'service-starting', 'service-stopping'],
  ],
  'its port is taken': ['foreign-listener', 'respawn-loop', 'beside-the-service', 'no-supervisor'],
  'another program has its port, so it is gone': ['foreign-listener', 'gateway-killed', 'gateway-stopped', 'gateway-down'],
  'it ends again and again': ['respawn-loop', 'gateway-killed', 'gateway-down', 'service-stopped'],
  'its config is broken, so it does not start': [
    ...['config-invalid', 'config-not-valid', 'gateway-killed', 'gateway-stopped', 'gateway-down', 'service-stopped'],
  ],
  'the system ended it': ['service-out-of-memory', 'gateway-killed', 'gateway-stopped', 'gateway-down', 'service-stopped'],
  'the token here is another': ['token-here-refused', 'token-overridden'],
  'a stopped gateway writes no log': ['gateway-stopped', 'log-silent'],
}

/** A config that was broken while the gateway ran is no reason why that one stopped. */
const isApart = (found: ReadonlyMap<string, string>, ids: readonly string[]): boolean =>
  ids.some(id => id.startsWith('config-') && found.get(id) === 'soon')

test('no state tells one fact as two problems', () => {
  const twice = new Map<string, string>()
  for (const [name, moment] of states) {
    const {problems} = stateAt(moment).assessment
    const found = new Map(problems.map(({id, harm}) => [id, harm] as const))
    for (const [fact, ids] of Object.entries(facets)) {
      const output = ids.filter(id => found.has(id))
      if (output.length > 1 && !isApart(found, output)) twice.set(`${fact}: ${output.join(' and ')}`, name)
    }
  }
  expect([...twice].map(([what, where]) => `${what} (${where})`)).toEqual([])
})

const momentOf = (name: string): Moment => {
  const found = moments.find(one => one.name === name)
  if (!found) throw new Error(`there is no moment ${name}`)
  return found
}
const problemsIn = (moment: Moment) => stateAt(moment).assessment.problems

describe('of a gateway that has stopped', () => {
  test.each(moments.filter(({name}) => /eight minutes after$/.test(name)).map(moment => [moment.name, moment] as const))(
    'only the stop counts in the header: %s',
    (_name, moment) => {
      const state = stateAt(moment)
      if (state.assessment.gateway.is !== 'stopped') return
      // A login that its provider refuses is refused whether the gateway runs or not.
      const broken = state.assessment.problems.filter(({harm, layer}) => harm === 'broken' && layer !== 'provider')
      expect(broken.map(({id}) => id)).toEqual(['gateway-stopped'])
      const header = statusLine(state, false)
        .map(({text}) => text)
        .join('  ')
      expect(header).toMatch(/i: [12] problems?/)
    },
  )
})

describe('what follows from a cause stands in its reason', () => {
  test('a broken config is mended before the gateway is started', () => {
    const [first, ...others] = problemsIn(momentOf('config not parsable, and nothing listens; a calm log'))
    expect(first).toMatchObject({id: 'config-not-valid', harm: 'broken', tryThis: expect.stringContaining('before any restart')})
    expect(first?.because).toContain('The gateway exited without a shutdown message')
    expect(first?.because).not.toContain('goes on with')
    expect(others.filter(({harm}) => harm !== 'note')).toEqual([])
  })

  test('a program that has the port is the reason why the gateway is not there', () => {
    const moment = momentOf('foreign listener; a log that ends with a stop')
    const service = facts(moment.now, [supervisor(loops)], {holders: [python]})
    const found = problemsIn({...moment, service}).filter(({harm}) => harm !== 'note')
    expect(found.map(({id}) => id)).toEqual(['foreign-listener'])
    expect(found[0]?.because).toContain('The gateway is started again and again')
  })
})

const open = withProblems(copy('config', 'aaaa', {path: '/c', wins: true, verdict: 'agrees'}), [
  createCopyProblem('open-to-all', {path: '/c', key: 'gateway.auth.token'}, '0644'),
])
const openConfig = {what: 'config', path: '/c', uid: 501, owner: 'ops', mode: '0644', problem: 'others-can-read'} as const

describe('a file that others may read', () => {
  const moment = momentOf('up; a calm log')
  const copies = {copies: [open], tokenProblems: [], enforced: takes('aaaa…aaaa', {digest: 'aaaa'}), at: 0}
  const idsWith = (more: Partial<ServiceFacts>) =>
    problemsIn({...moment, copies, service: facts(moment.now, [supervisor({})], more)}).map(({id, about}) => [id, about])

  test('is one problem, whoever looked at it', () => {
    expect(idsWith({files: [openConfig]})).toEqual([['file-others-can-read', '/c']])
    expect(idsWith({files: []})).toEqual([['token-copies', undefined]])
  })

  test('and another file is another', () => {
    const files = [openConfig, {...openConfig, path: '/d'}]
    expect(idsWith({files}).map(([, about]) => about)).toEqual(['/c', '/d'])
  })
})

test('a refusal of our own token and the copy that sends it are one', () => {
  const moment = momentOf('gatecrab itself is refused; a calm log')
  const problems = [{id: 'unknown-token', title: 'The gateway takes none of the tokens', cure: '', matters: true}] as const
  const copies = {copies: [], tokenProblems: problems, enforced: takes(null), at: 0}
  expect(problemsIn(moment).map(({id}) => id)).toContain('token-here-refused')
  expect(problemsIn({...moment, copies}).map(({id}) => id)).not.toContain('token-here-refused')
  expect(problemsIn({...moment, copies}).map(({id}) => id)).toContain('token-copies')
})
