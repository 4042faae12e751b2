import {describe, expect, test} from 'vitest'
import type {ServiceFinding, ServiceInputs} from '../../src/domain/service/finding.ts'
import {serviceFindings} from '../../src/domain/service/findings.ts'
import {
  mainSupervisor,
  type OwnedFile,
  type PortHolder,
  type ServiceFacts,
  type Supervisor,
} from '../../src/domain/service/service.ts'

const supervisor = (more: Partial<Supervisor> = {}): Supervisor => ({
  ...{
    kind: 'launchd',
    domain: 'gui/501',
    name: 'ai.openclaw.gateway',
    file: '/plist',
    alsoFiles: [],
    isLoaded: true,
    isEnabled: true,
  },
  ...{state: 'running', isRunning: true, pid: 10, runs: 1, lastExit: null, hasFailed: false, variables: []},
  program: {runtime: 'node', entry: '/lib/openclaw/dist/index.js', version: '2026.9.6', port: 18_789, hasTokenFlag: false},
  ...more,
})
const holder = (more: Partial<PortHolder> = {}): PortHolder => ({
  ...{pid: 10, process: 'openclaw-gateway', user: 'ops', uid: 501, runtime: null, parents: [1], host: '127.0.0.1'},
  ...more,
})
const facts = (more: Partial<ServiceFacts> = {}): ServiceFacts => ({
  ...{
    at: 0,
    supervisors: [supervisor()],
    unasked: [],
    holders: [holder()],
    port: 18_789,
    shell: null,
    environment: null,
    exposure: null,
    files: [],
  },
  ...more,
})
const found = (more: Partial<ServiceFacts> = {}, hostEnv: Partial<ServiceInputs> = {}): ServiceFinding[] =>
  serviceFindings({facts: facts(more), before: null, runningVersion: '2026.9.6', isUp: true, ...hostEnv})
const ids = (...args: Parameters<typeof found>): string[] => found(...args).map(({id}) => id)

const looping = supervisor({
  state: 'spawn scheduled',
  isRunning: false,
  pid: null,
  runs: 41,
  lastExit: '78: EX_CONFIG',
  hasFailed: true,
})

test('a healthy service is no finding', () => {
  expect(ids()).toEqual([])
})

describe('who runs it', () => {
  test('two services', () => {
    const [finding] = found({supervisors: [supervisor(), supervisor({domain: 'system', pid: 11, runs: 7})]})
    expect(finding).toMatchObject({
      id: 'two-supervisors',
      because: expect.stringContaining('ai.openclaw.gateway (launchd, gui/501) and ai.openclaw.gateway (launchd, system)'),
      see: ['launchctl print gui/501/ai.openclaw.gateway', 'launchctl print system/ai.openclaw.gateway'],
    })
  })

  test('one on another port is no rival, nor is one that was never started', () => {
    const other = supervisor({name: 'com.clawdbot.gateway', pid: 12, program: {...supervisor().program, port: 19_000}})
    const idle = supervisor({domain: 'system', isRunning: false, isLoaded: false, pid: null, runs: null})
    expect(ids({supervisors: [supervisor(), other, idle]})).toEqual([])
  })

  test('one that is started again and again while somebody else has the port', () => {
    const findings = found({supervisors: [looping], holders: [holder({pid: 99, process: 'node openclaw', parents: [50]})]})
    expect(findings.map(({id}) => id)).toEqual(['respawn-loop', 'beside-the-service'])
    expect(findings[0]).toMatchObject({
      because: expect.stringMatching(/started 41 times, and ended with 78: EX_CONFIG\. node openclaw, pid 99, has port 18789/),
    })
  })

  test('a loop is seen between two looks as well', () => {
    const now = supervisor({
      runs: 5,
      lastExit: 'exited 1',
      hasFailed: true,
      kind: 'systemd',
      domain: 'user',
      name: 'openclaw-gateway.service',
    })
    const before = facts({supervisors: [{...now, runs: 4}]})
    expect(ids({supervisors: [now]})).toEqual([])
    expect(ids({supervisors: [now]}, {before})).toEqual(['respawn-loop'])
    expect(found({supervisors: [now]}, {before})[0]?.see).toEqual(['systemctl --user status openclaw-gateway.service'])
  })

  test('on systemd one start of its own is a crash, and no loop yet', () => {
    const unit = {kind: 'systemd', domain: 'user', name: 'openclaw-gateway.service'} as const
    const crashed = {
      ...unit,
      lastExit: 'exited 1',
      hasFailed: true,
      isRunning: false,
      pid: null,
      state: 'activating (auto-restart)',
    }
    expect(ids({supervisors: [supervisor({...crashed, runs: 1})], holders: []})).not.toContain('respawn-loop')
    expect(ids({supervisors: [supervisor({...crashed, runs: 2})], holders: []})).toContain('respawn-loop')
  })

  test('a unit that begins is said to be on its way until its own limit, and stopped after it', () => {
    const unit = {kind: 'systemd', domain: 'user', name: 'openclaw-gateway.service', state: 'active (running)'} as const
    const begins = supervisor({...unit, phase: 'starting', phaseEndsAt: 60_000})
    const lookAt = (now: number, holders: PortHolder[] = []) => ids({at: now, supervisors: [begins], holders}, {isUp: false})
    expect(lookAt(59_000)).toEqual(['service-starting'])
    expect(lookAt(61_000)).not.toContain('service-starting')
    expect(lookAt(59_000, [holder()])).not.toContain('service-starting')
  })

  test('a token in a drop-in is taken out of that file, which no installation does', () => {
    const unit = {kind: 'systemd', domain: 'user', name: 'openclaw-gateway.service'} as const
    const secretFiles = ['/u.service.d/token.conf']
    const [finding] = found({supervisors: [supervisor({...unit, variables: ['OPENCLAW_GATEWAY_TOKEN'], secretFiles})]})
    expect(finding).toMatchObject({id: 'token-in-the-service', see: secretFiles})
    expect(finding?.tryThis).toContain('out of /u.service.d/token.conf')
  })

  test('one restart by hand is no loop', () => {
    const before = facts({supervisors: [supervisor({runs: 1})]})
    expect(ids({supervisors: [supervisor({runs: 2})]}, {before})).toEqual([])
  })

  test('started by hand beside the service', () => {
    expect(ids({holders: [holder({pid: 77, parents: [60, 1]})]})).toEqual(['beside-the-service'])
    expect(ids({holders: [holder({pid: 77, parents: [10, 1]})]})).toEqual([])
  })

  test.each([
    [{isLoaded: false, state: null}, 'service-not-loaded'],
    [{state: 'not running', lastExit: 'Killed: 9'}, 'service-stopped'],
    [{isLoaded: false, isEnabled: false, state: null}, 'service-disabled'],
  ])('nothing runs: %j', (more, id) => {
    const down = {supervisors: [supervisor({isRunning: false, pid: null, runs: null, ...more})], holders: []}
    expect(ids(down, {isUp: false, runningVersion: null})).toEqual([id])
    expect(ids(down, {isUp: true})).toEqual([])
  })

  test('by hand alone, where services could be asked', () => {
    expect(ids({supervisors: []})).toEqual(['no-supervisor'])
    expect(ids({supervisors: [], unasked: [{tool: 'systemctl, user', because: 'no bus'}]})).toEqual([])
  })

  test('the one that counts is the one whose process has the port', () => {
    const a = supervisor({domain: 'gui/501', pid: 1})
    const b = supervisor({domain: 'system', pid: 2})
    expect(mainSupervisor({supervisors: [a, b], holders: [holder({pid: 5, parents: [2]})]})).toBe(b)
    expect(mainSupervisor({supervisors: [], holders: []})).toBeNull()
  })
})

describe('with what', () => {
  test('the shell has another version', () => {
    expect(ids({shell: {path: '/opt/bin/openclaw', version: '2026.8.2'}})).toEqual(['service-of-another-version'])
    expect(ids({shell: {path: '/opt/bin/openclaw', version: '2026.9.6'}})).toEqual([])
    expect(ids({shell: {path: '/opt/bin/openclaw', version: null}})).toEqual([])
  })

  test('updated and not restarted', () => {
    expect(ids({}, {runningVersion: '2026.8.2'})).toEqual(['stale-daemon'])
    expect(ids({}, {runningVersion: null})).toEqual([])
  })

  test('the port of the service is not that of the config', () => {
    const exposure = {
      mode: 'local',
      bind: null,
      tailscale: null,
      authMode: null,
      allowsTailscale: null,
      trustedProxies: 0,
      allowedOrigins: 0,
      hasTls: false,
      reload: null,
    }
    expect(ids({exposure: {...exposure, port: 18_800}})).toEqual(['service-on-another-port'])
    expect(ids({exposure: {...exposure, port: 18_789}})).toEqual([])
  })

  test('variables, by name', () => {
    const [finding] = found({
      environment: {
        onlyService: ['TMPDIR'],
        onlyShell: ['ANTHROPIC_API_KEY', 'HTTP_PROXY'],
        differ: ['OPENCLAW_GATEWAY_TOKEN', 'PATH'],
      },
    })
    expect(finding?.because).toMatch(
      /^OPENCLAW_GATEWAY_TOKEN has another value in the service; ANTHROPIC_API_KEY is set in this shell only\./,
    )
    expect(ids({environment: {onlyService: ['OPENCLAW_LOG_LEVEL'], onlyShell: ['HTTP_PROXY'], differ: ['PATH']}})).toEqual([])
  })

  test('a token on the command line, a token in the service', () => {
    const program = {...supervisor().program, hasTokenFlag: true}
    expect(ids({supervisors: [supervisor({program, variables: ['OPENCLAW_GATEWAY_TOKEN', 'PATH']})]})).toEqual([
      'token-in-the-start-command',
      'token-in-the-service',
    ])
  })
})

test.each([
  ['other-owner', 'broken'],
  ['others-can-write', 'soon'],
  ['others-can-read', 'soon'],
  ['unreadable', 'note'],
] as const)('a file: %s', (problem, harm) => {
  const file: OwnedFile = {
    what: 'config',
    path: '/home/ops/.openclaw/openclaw.json',
    uid: 0,
    owner: 'root',
    mode: '0644',
    problem: problem,
  }
  expect(found({files: [file, {...file, problem: null}]})).toMatchObject([
    {id: `file-${problem}`, harm, because: expect.stringContaining(file.path)},
  ])
})

describe('launchd on its way', () => {
  const leaving = supervisor({state: 'SIGTERMed', isRunning: false, phase: 'stopping'})
  const gone = {isUp: false, runningVersion: null}
  const minute = 60_000

  test('is no trouble while it drains', () => {
    expect(found({supervisors: [leaving], holders: []}, gone)).toMatchObject([{id: 'service-stopping', harm: 'note'}])
  })

  test('is one that has stopped where it stays so', () => {
    const later = {supervisors: [leaving], holders: [], at: 10 * minute}
    const before = facts({supervisors: [leaving], holders: []})
    expect(ids(later, {...gone, before})).toEqual(['service-stopped'])
    expect(ids(later, {...gone, goneSince: 0})).toEqual(['service-stopped'])
    expect(ids(later, {...gone, goneSince: 9 * minute})).toEqual(['service-stopping'])
  })
})

describe('the count of starts', () => {
  const day = 86_400_000
  const often = supervisor({runs: 9962, lastExit: '78: EX_CONFIG', hasFailed: true})

  test.each([
    ['a loop, since the machine is up for a day', {at: day, bootedAt: 0}, ['respawn-loop']],
    ['no loop of one that has run for an hour', {at: day, bootedAt: 0, holders: [holder({since: day - 3_600_000})]}, []],
    ['no loop over a year', {at: 365 * day, bootedAt: 0}, []],
    ['nothing where it is not known since when', {at: day}, []],
  ])('%s', (_what, more, expected) => {
    expect(ids({supervisors: [often], ...more})).toEqual(expected)
  })

  test('a run that was ended in good order is no failure', () => {
    expect(ids({supervisors: [supervisor({runs: 9962, lastExit: 'Terminated: 15'})], at: day, bootedAt: 0})).toEqual([])
  })
})

describe('a plist that others may not read', () => {
  const plist: OwnedFile = {what: 'service', path: '/plist', uid: 501, owner: 'ops', mode: '0600', problem: null}

  test.each([
    ['25.2.0', ['service-refused-by-system']],
    [null, ['service-refused-by-system']],
    ['24.6.0', []],
  ])('on Darwin %s', (kernel, expected) => {
    expect(ids({files: [plist], kernel})).toEqual(expected)
  })

  test('is advised to be readable, and one that is readable is fine', () => {
    expect(found({files: [plist]})[0]?.tryThis).toBe('chmod 644 /plist')
    expect(ids({files: [{...plist, mode: '0644'}]})).toEqual([])
  })
})

test('beside a daemon no agent is advised', () => {
  const daemon = supervisor({domain: 'system', file: '/Library/LaunchDaemons/x.plist', variables: ['OPENCLAW_GATEWAY_TOKEN']})
  const all = found({supervisors: [daemon], shell: {path: '/openclaw', version: '2026.8.2'}}, {runningVersion: '2026.8.2'})
  expect(all.map(({id}) => id)).toEqual(['service-of-another-version', 'stale-daemon', 'token-in-the-service'])
  for (const {tryThis} of all) expect(tryThis).not.toMatch(/openclaw gateway/)
})

test('a child of launchd on a Mac may be a job of any label, and no service is advised to be installed', () => {
  expect(ids({supervisors: [], kernel: '25.2.0'})).toEqual([])
  expect(ids({supervisors: [], kernel: '25.2.0', holders: [holder({parents: [600, 1]})]})).toEqual(['no-supervisor'])
})
