import {describe, expect, test} from 'vitest'
import {allMetrics} from '../../src/app/metrics/metrics.ts'
import type {System} from '../../src/domain/advice.ts'
import {problemsOf} from '../../src/domain/diagnosis/all-problems.ts'
import {createLiveNow, type LiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved} from '../../src/domain/live/observed.ts'
import {allReasons} from '../../src/domain/reasons/reason.ts'
import type {FileProblem, PortHolder, ServiceFacts, Supervisor} from '../../src/domain/service/service.ts'
import {places} from '../../src/domain/token/places.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {manualRestart} from '../../src/runtime/plans/target.ts'
import {at} from '../domain/event-builders.ts'
import {textsOf} from './texts.ts'

const everywhere: readonly System[] = ['launchd', 'systemd', 'container', 'terminal']

/** Which systems have the tool that a text names. */
const tools: readonly (readonly [RegExp, readonly System[]])[] = [
  [/\b(?:journalctl|systemctl|daemon-reload|systemd-run)\b/, ['systemd']],
  [/\blaunchctl\b|JetsamEvent|DiagnosticReports|`log show/, ['launchd']],
  [/\b(?:docker|podman)[ -](?:compose |restart|exec|run|logs|inspect)|group docker/, ['container']],
  [/openclaw gateway (?:restart|start|install)/, ['launchd', 'systemd']],
  [/openclaw gateway run|Ctrl-C if it is there/, ['terminal']],
]

const systemsOf = (text: string): System[] =>
  everywhere.filter(system => tools.every(([pattern, systems]) => !pattern.test(text) || systems.includes(system)))

/** What is told to nobody, anywhere. */
const harms: readonly (readonly [string, (text: string) => boolean])[] = [
  ['SIGUSR1 ends a gateway that has no handler yet', text => /\bSIGUSR1\b|kill -USR1/.test(text)],
  [
    'OpenClaw repairs renew logins, and can lose one',
    text => /doctor --fix/.test(text) && !/Keep a copy.*loses one|^code=/.test(text),
  ],
  ['a token on a command line is seen by every account', text => /config set gateway\.auth\.(?:token|password) \S/.test(text)],
  ['launchd refuses a plist that others may not read', text => /chmod (?:0?[46][04]0|go-rwx|og-rwx|go-r) \S*\.plist/.test(text)],
  ['a service beside a gateway is a second gateway', text => /gateway run.*(?:beside|as well|too\b)/.test(text)],
]

const harmIn = (text: string): string[] => harms.flatMap(([why, is]) => (is(text) ? [why] : []))

const isAdvice = (text: string): boolean =>
  / /.test(text) &&
  /\b(?:openclaw (?!gateway-|releases)[a-z]|gatecrab [a-z]+|(?:system|launch|journal)ctl|docker |podman |chmod|chown|kill |SIG[A-Z]{3})/.test(
    text,
  )

/** Files in which a text may name the tools of one system: it is made there for a host that has them, or is no advice. */
const forTheirSystem: Readonly<Record<string, string>> = {
  'domain/token/places.ts': 'each card says for which system it is',
  'domain/token/reverted.ts': 'by the place of the copy',
  'domain/plans/propagate.ts': 'for copies that compose hands on',
  'domain/plans/preconditions.ts': 'for a LaunchDaemon',
  'domain/service/finding.ts': 'by what manages the service',
  'domain/service/findings-files.ts': 'for the files of a unit',
  'domain/service/findings-launchd.ts': 'for jobs of launchd',
  'domain/service/findings-process.ts': 'where no service and no container was found',
  'domain/diagnosis/live-problems.ts': 'by what manages services here',
  'runtime/plans/target.ts': 'by what runs the gateway',
  'gateway/container/engine-command.ts': 'by the engine that was asked',
  'sources/service/launchd.ts': 'the name of the tool that was asked',
  'sources/service/systemd.ts': 'the name of the tool that was asked',
  'domain/reasons/gateway.ts': 'a line of the log, as an example',
  'cli/service/launchd.ts': 'of a plist',
  'cli/service/systemd.ts': 'of a unit',
  'cli/options.ts': 'help on a flag',
  'gateway/token/compose-edit.ts': 'of a compose file',
  'cli/help/topics.ts': 'help that says which system it is about',
  'cli/commands/copies.ts': 'help on a flag',
  'cli/plans/command.ts': 'help on a flag',
}

const texts = textsOf()

describe('a text of the program', () => {
  test('names the tools of one system only where it is made for that system', () => {
    const astray = texts.filter(({text}) => isAdvice(text) && systemsOf(text).length < everywhere.length)
    expect(astray.filter(({file}) => forTheirSystem[file] === undefined)).toEqual([])
    expect(Object.keys(forTheirSystem).filter(file => !texts.some(one => one.file === file))).toEqual([])
  })

  test('advises nothing that harms everywhere', () => {
    const found = texts
      .filter(({text}) => / /.test(text))
      .flatMap(({file, text}) => harmIn(text).map(why => `${file}: ${text}: ${why}`))
    expect(found).toEqual([])
  })
})

describe('a place of the token', () => {
  test.each(Object.entries(places))('%s: its card names no tool of another system', (_id, row) => {
    const on = 'on' in row ? [row.on] : everywhere
    expect(systemsOf(row.manualStep)).toEqual(expect.arrayContaining([...on]))
  })
})

test('what an engineer of the support is to know: every advice and where it is given', async () => {
  const line = (where: string, systems: readonly string[], text: string): string =>
    `| ${systems.length === everywhere.length ? 'all' : systems.join(', ')} | ${where} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`
  const reasons = allReasons.map(({id, tryThis: advice, since}) =>
    line(`reason ${id}${since ? `, since ${since}` : ''}`, systemsOf(advice), advice),
  )
  const manualSteps = Object.entries(places).map(([id, row]) =>
    line(`copy: ${id}`, 'on' in row ? [row.on] : systemsOf(row.manualStep), row.manualStep),
  )
  const alerts = allMetrics.flatMap(({alerts: of = []}) =>
    of.map(({name, description}) => line(`alert ${name}`, systemsOf(description), description)),
  )
  const isListed = new Set([
    ...allReasons.map(({tryThis: advice}) => advice),
    ...Object.values(places).map(({manualStep}) => manualStep),
  ])
  const others = texts
    .filter(({text}) => isAdvice(text) && !isListed.has(text))
    .map(({file, text}) => line(file, systemsOf(text), text))
  const table = (title: string, rows: readonly string[]): string[] => [
    ...['', `## ${title}`, '', '| for | where | text |', '| --- | --- | --- |'],
    ...new Set(rows),
  ]
  const page = [
    '# What gatecrab advises, and where',
    '',
    'Made by `test/stories/advice.test.ts`. `…` is a value. launchd and systemd run a service, container is Docker or Podman, terminal is a gateway that was started by hand.',
    ...table('Reasons', reasons),
    ...table('Copies of the token', manualSteps),
    ...table('Alerts', alerts),
    ...table('Other texts that name a command', others),
    '',
  ]
  await expect(page.join('\n')).toMatchFileSnapshot('../fixtures/advice.md')
})

test('no advice begins with a key, which a capital would make another one', () => {
  const advice = [...allReasons.map(({tryThis}) => tryThis), ...texts.filter(({text}) => isAdvice(text)).map(({text}) => text)]
  expect(advice.filter(text => /^[a-z]\b(?!\.)/.test(text) && !/^a /.test(text))).toEqual([])
})

const service = (more: Partial<Supervisor>): Supervisor => ({
  ...{
    kind: 'launchd',
    domain: 'gui/501',
    name: 'ai.openclaw.gateway',
    file: '/Users/o/Library/LaunchAgents/ai.openclaw.gateway.plist',
  },
  ...{alsoFiles: [], isLoaded: true, isEnabled: true, state: 'running', isRunning: true, pid: 10, runs: 1, lastExit: null},
  ...{hasFailed: false, variables: []},
  program: {runtime: 'node', entry: '/lib/openclaw/index.js', version: '2026.9.6', port: 18_789, hasTokenFlag: false},
  ...more,
})

const agent = service({})
const daemon = service({domain: 'system', file: '/Library/LaunchDaemons/ai.openclaw.gateway.plist'})
const unit = service({
  kind: 'systemd',
  domain: 'user',
  name: 'openclaw-gateway.service',
  file: '/home/o/.config/systemd/user/openclaw-gateway.service',
})
const machineUnit = service({
  kind: 'systemd',
  domain: 'system',
  name: 'openclaw.service',
  file: '/etc/systemd/system/openclaw.service',
})

const holder = (process: string, parents: readonly number[]): PortHolder => ({
  ...{pid: 10, process, user: 'ops', uid: 501, runtime: null, parents, host: '127.0.0.1'},
})

type Host = {name: string; system: System; supervisors: readonly Supervisor[]; holder: PortHolder; kernel: string | null}

const hosts: readonly Host[] = [
  {name: 'a LaunchAgent', system: 'launchd', supervisors: [agent], holder: holder('node', [1]), kernel: '25.0.0'},
  {name: 'a LaunchDaemon', system: 'launchd', supervisors: [daemon], holder: holder('node', [1]), kernel: '25.0.0'},
  {name: 'a unit of the account', system: 'systemd', supervisors: [unit], holder: holder('node', [700]), kernel: null},
  {name: 'a unit of the machine', system: 'systemd', supervisors: [machineUnit], holder: holder('node', [1]), kernel: null},
  {name: 'a container', system: 'container', supervisors: [], holder: holder('docker-proxy', [500]), kernel: null},
]

const now = at(1000)

const factsOn = ({supervisors, holder, kernel}: Host, isListening: boolean): ServiceFacts => ({
  ...{
    at: now,
    supervisors,
    unasked: [],
    port: 18_789,
    shell: {path: '/bin/openclaw', version: '2026.8.2'},
    kernel,
    bootedAt: at(0),
  },
  ...{holders: isListening ? [holder] : [], environment: null, exposure: null, files: []},
})

const problems: readonly FileProblem[] = ['other-owner', 'others-can-read', 'others-can-write', 'unreadable']

/** Ways in which a service can be: each a change of every service of that host. */
const ways: Readonly<Record<string, Partial<Supervisor>>> = {
  'is well': {},
  'is stopped': {isRunning: false, pid: null, state: 'not running'},
  'is not loaded': {isLoaded: false, isRunning: false, pid: null},
  'is switched off': {isEnabled: false, isRunning: false, pid: null},
  'is started again and again': {
    isRunning: false,
    pid: null,
    runs: 41,
    hasFailed: true,
    state: 'spawn scheduled',
    lastExit: '78',
  },
  'is refused by the system': {isRunning: false, pid: null, runs: 41, hasFailed: true, endedBy: 'system', lastExit: '9'},
  'was ended for memory': {isRunning: false, pid: null, hasFailed: true, endedBy: 'memory', lastExit: '9'},
  'has the secret in a file beside it': {variables: ['OPENCLAW_GATEWAY_TOKEN'], secretFiles: ['/x.env']},
  'has an older program': {
    program: {...agent.program, version: '2026.5.28', hasTokenFlag: true},
    variables: ['OPENCLAW_GATEWAY_TOKEN'],
  },
}

const fileOf = (host: Host, problem: FileProblem, mode: string) => ({
  ...{
    what: 'service',
    path: host.supervisors[0]?.file ?? '/home/o/.openclaw/openclaw.json',
    uid: 0,
    owner: 'root',
    mode,
    problem,
  },
})

const live = (more: Partial<LiveNow>): LiveNow => ({...createLiveNow(1), ...more})
const table = (isListening: boolean) => ({
  ...{problem: null, at: now, port: 18_789, connections: [], tookMs: 1},
  listeners: isListening ? [{pid: 10, process: 'node', user: 'ops', host: '127.0.0.1'}] : [],
})
const gone = (how: 'cut' | 'stopped' | 'closed') => ({
  ...initialObserved(now),
  state: 'gone' as const,
  lastEnd: {how, code: 1006, text: '', at: now - 1000},
})
const lives: Readonly<Record<string, LiveNow>> = {
  up: live({table: table(true)}),
  killed: live({table: table(false), observed: gone('cut')}),
  stopped: live({table: table(false), observed: gone('stopped')}),
  closed: live({table: table(false), observed: gone('closed')}),
  down: live({table: table(false)}),
  frozen: live({table: table(true), observed: {...initialObserved(now), state: 'frozen', because: 'silent'}}),
  foreign: live({
    table: table(true),
    listener: {
      is: 'foreign',
      because: 'python3',
      listener: {pid: 7, program: 'python3', uids: [0], account: 'root', since: null, host: '127.0.0.1', id: '7'},
    },
  }),
}

/** Each text once, with the first state in which it is told. */
const once = (output: readonly {text: string; where: string}[]): {text: string; where: string}[] => [
  ...new Map(output.toReversed().map(one => [one.text, one])).values(),
]

const problemsOn = (host: Host): {text: string; where: string}[] => once(everyProblemOn(host))

const everyProblemOn = (host: Host): {text: string; where: string}[] =>
  Object.entries(lives).flatMap(([how, one]) =>
    Object.entries(ways).flatMap(([way, more]) => {
      const base = factsOn(
        {...host, supervisors: host.supervisors.map(expected => ({...expected, ...more}))},
        how === 'up' || how === 'frozen',
      )
      const files = problems.map(problem => fileOf(host, problem, problem === 'others-can-read' ? '0644' : '0600'))
      const facts = {...base, files}
      return problemsOf({
        ...{world: createWorld(), now, sources: [], live: one, copies: null, agents: []},
        service: {facts, before: null},
      }).flatMap(({id, tryThis, see = []}) => [tryThis, ...see].map(text => ({text, where: `${id}: ${how}, ${way}`})))
    }),
  )

describe('a host with', () => {
  test.each(hosts.map(host => [host.name, host] as const))('%s is given the tools of that host alone', (_name, host) => {
    const found = problemsOn(host)
    expect(found.length).toBeGreaterThan(5)
    expect(found.filter(({text}) => !systemsOf(text).includes(host.system))).toEqual([])
    expect(found.flatMap(({text, where}) => harmIn(text).map(why => `${where}: ${text}: ${why}`))).toEqual([])
  })

  test.each(hosts.filter(({supervisors}) => supervisors[0]?.domain === 'system').map(host => [host.name, host] as const))(
    '%s is never told to install or restart one of the account beside it',
    (_name, host) => {
      const found = problemsOn(host).filter(({text}) =>
        /openclaw gateway|(?<!sudo )\b(?:launchctl bootstrap|systemctl (?:restart|start))/.test(text),
      )
      expect(found).toEqual([])
    },
  )

  test('neither container nor service: by hand is by hand', () => {
    const kinds = {
      launchd: manualRestart({...noClient, kind: 'launchd', name: 'x', domain: 'gui/501', file: '/x.plist'}, 'darwin'),
      systemd: manualRestart({...noClient, kind: 'systemd', name: 'x.service'}, 'linux'),
      container: manualRestart({...noClient, kind: 'container', name: 'gw'}, 'linux'),
      terminal: manualRestart({...noClient, kind: 'none'}, 'linux'),
    } as const
    expect(systemsOf(manualRestart({...noClient, kind: 'none'}, 'darwin'))).toEqual(['launchd'])
    for (const [system, text] of Object.entries(kinds)) expect([text, systemsOf(text)]).toEqual([text, [system]])
  })
})

const noClient = {
  ...{kind: 'none', name: null, domain: null, file: null, loaded: null, pid: null, holder: null, second: null, overSsh: false},
} as const
