import {describe, expect, test} from 'vitest'
import type {BackedUpToken, Facts, ReferenceFacts} from '../../src/domain/plans/facts.ts'
import {fixes, isRefusal, planOf, type Refusal} from '../../src/domain/plans/make-plan.ts'
import type {GatewayFix, Plan, Step, Target} from '../../src/domain/plans/plan.ts'
import type {TokenCopy} from '../../src/domain/token/copy.ts'
import {remoteArgv} from '../../src/gateway/cli.ts'
import {releaseRulesOf} from '../../src/gateway/versions.ts'
import {copy, factsFor, launchdForm} from '../fixtures/stubs/facts.ts'

const reference = (more: Partial<ReferenceFacts> = {}): ReferenceFacts => ({
  ...{source: 'file', words: '/run/gw', takesOver: 'reload', restart: null, refused: null},
  ...more,
})

const backedUp = (more: Partial<BackedUpToken> = {}): BackedUpToken => ({
  ...{file: '/b/openclaw.json.bak', fingerprint: '2222…2222', savedAt: 1},
  ...{isAccepted: false, isRequested: false, replacedBy: null},
  ...more,
})

const planFor = (fix: GatewayFix, facts: Facts): Plan => {
  const made = planOf(fix, facts)
  if (isRefusal(made)) throw new Error(made.refused.title)
  return made
}

const refusalOf = (fix: GatewayFix, facts: Facts): Refusal => {
  const made = planOf(fix, facts)
  if (!isRefusal(made)) throw new Error(`there is a plan: ${made.title}`)
  return made
}

const ids = ({steps}: Plan): string[] => steps.map(({id}) => id)
const argvs = ({steps}: Plan): (readonly string[])[] => steps.flatMap(({argv}) => (argv === null ? [] : [argv]))
const stepOf = ({steps}: Plan, id: string): Step => {
  const found = steps.find(step => step.id === id)
  if (!found) throw new Error(`no step ${id}`)
  return found
}

const backups = '/home/ops/.local/state/gatecrab/backups/now-rotate'
const patch = ['openclaw', 'config', 'patch', '--stdin']
const health = ['openclaw', 'gateway', 'health', '--json']
const devices = ['openclaw', 'devices', 'list', '--json']
const which = ['openclaw', 'config', 'file']
const install = ['openclaw', 'gateway', 'install', '--force', '--json']
const service = {supervisor: {...factsFor('2026.9.6').supervisor, kind: 'systemd' as const, name: 'openclaw-gateway.service'}}

describe('rotate, by release', () => {
  test.each([
    ['2026.1.29', [health, devices], 90_000],
    ['2026.2.6-3', [health, devices], 90_000],
    ['2026.2.26', [health, devices], 90_000],
    ['2026.3.13', [health, devices], 60_000],
    ['2026.4.15', [['openclaw', 'config', 'set', '--batch-file', `${backups}/batch.json`], health, devices], 60_000],
    ['2026.5.28', [[...patch, '--dry-run'], patch, health, devices], 60_000],
    ['2026.6.11', [[...patch, '--dry-run'], patch, health, devices], 60_000],
    ['2026.7.35', [[...patch, '--dry-run'], patch, health, devices], 60_000],
    ['2026.8.2', [[...patch, '--dry-run'], patch, health, devices], 360_000],
    ['2026.9.6', [[...patch, '--dry-run'], patch, health, devices], 15_000],
  ])('%s', (release, commands, budgetMs) => {
    const plan = planFor('rotate', factsFor(release))
    expect(argvs(plan)).toEqual(release < '2026.3' ? commands : [which, ...commands])
    expect(stepOf(plan, 'wait').budgetMs).toBe(budgetMs)
    expect(stepOf(plan, 'write')).toMatchObject({
      file: '/home/ops/.openclaw/openclaw.json',
      change: {what: 'gateway.auth.token', from: '1111…1111'},
      otherwise: 'roll-back',
    })
    expect(stepOf(plan, 'back-up').file).toBe(`${backups}/config`)
    expect(plan.confirm).toBe('rotate')
  })

  test.each(['2026.1.29', '2026.2.6-3', '2026.2.26'])('%s installs its service again, which holds a copy', release => {
    expect(argvs(planFor('rotate', factsFor(release, service)))).toEqual([install, health, devices])
    const launchd = {...service.supervisor, kind: 'launchd' as const, name: 'ai.openclaw.gateway', domain: 'gui/501'}
    const own = {...launchd, file: '/Users/ops/Library/LaunchAgents/ai.openclaw.gateway.plist'}
    expect(argvs(planFor('rotate', factsFor(release, {supervisor: own})))).toContainEqual(install)
    for (const other of [
      {...launchd, domain: 'system', file: '/Library/LaunchDaemons/ai.openclaw.gateway.plist'},
      {...launchd, file: '/Library/LaunchAgents/ai.openclaw.gateway.plist'},
      {...launchd, name: 'net.example.claw', file: null},
    ])
      expect(argvs(planFor('rotate', factsFor(release, {supervisor: other})))).not.toContainEqual(install)
  })

  test.each(['2026.3.13', '2026.9.6'])('%s leaves its service alone', release => {
    expect(argvs(planFor('rotate', factsFor(release, service)))).not.toContainEqual(install)
  })

  test('8.2 says that for a while neither token works', () => {
    expect(stepOf(planFor('rotate', factsFor('2026.8.2')), 'wait').words).toContain('neither the old nor the new token may work')
    expect(planFor('rotate', factsFor('2026.8.2')).interrupts[0]).toContain('neither the old nor the new token works')
  })

  test('a newer release goes by the newest known rules, and says so', () => {
    const plan = planFor('rotate', factsFor('2026.12.1'))
    expect(argvs(plan)).toEqual([which, [...patch, '--dry-run'], patch, health, devices])
    expect(plan.notes).toContain('2026.12.1 is newer than all that gatecrab knows: it goes by the rules of 2026.9.6.')
  })

  test('with reloading switched off it is restarted as well', () => {
    const {supervisor} = factsFor('2026.9.6')
    const service = {...supervisor, kind: 'systemd', name: 'openclaw-gateway.service'} as const
    const facts = factsFor('2026.9.6', {...withConfig({reloadMode: 'off'}), supervisor: service})
    expect(ids(planFor('rotate', facts)).slice(5, 10)).toEqual(['write', 'life', 'restart', 'restarted', 'wait'])
  })

  test('who is connected is told, and that paired devices stay', () => {
    const plan = planFor('rotate', factsFor('2026.9.6', {clients: ['control-ui from 100.64.0.7']}))
    expect(plan.interrupts).toContain('control-ui from 100.64.0.7 is connected')
    expect(plan.notes.join()).toContain('rotating does not evict them')
  })

  test('the other copies of the old token are named', () => {
    const env = copy({place: 'dotenv', path: '/home/ops/.openclaw/.env', key: 'OPENCLAW_GATEWAY_TOKEN', wins: false})
    const facts = factsFor('2026.9.6')
    expect(planFor('rotate', {...facts, copies: [...facts.copies, env]}).cards[0]).toContain('/home/ops/.openclaw/.env')
  })

  test('from another host one wrong token at most', () => {
    const facts = factsFor('2026.9.6')
    const plan = planFor('rotate', {...facts, target: {...facts.target, host: '100.64.0.7'}})
    expect(stepOf(plan, 'prove').act).toEqual({do: 'prove-token', tries: {old: true, random: false}})
  })
})

const withConfig = (more: Partial<Facts['config']>): Partial<Facts> => ({config: {...factsFor('2026.9.6').config, ...more}})
const withToken = (more: Parameters<typeof copy>[0]): Partial<Facts> => {
  const own = copy(more)
  return {copies: [own], winner: {copy: own, because: 'so it is'}}
}
const pin = copy({place: 'start-command', path: 'pid 4121', key: '--token'})
const env = copy({place: 'process-env', path: 'pid 4121', key: 'OPENCLAW_GATEWAY_TOKEN'})

describe('what rotate refuses, and what to do instead', () => {
  const refused: readonly (readonly [string, Partial<Facts>, boolean, RegExp, RegExp])[] = [
    ['another plan', {busy: {id: 'x-rotate', fix: 'rotate', pid: 7}}, true, /Another plan is running/, /gatecrab journals/],
    ['a plan that was cut off', {cutOff: 'x-rotate'}, false, /was cut off/, /journals --continue/],
    ['no config', withConfig({exists: false}), true, /no config/, /--config/],
    ['an invalid config', withConfig({problem: 'invalid character'}), false, /not valid/, /config validate/],
    [
      'a client of a gateway elsewhere',
      withConfig({gatewayMode: 'remote'}),
      false,
      /client of a gateway elsewhere/,
      /on the host of the gateway/,
    ],
    ['no authentication', withConfig({authMode: 'none'}), false, /asks for neither/, /gateway\.auth\.mode/],
    ['a trusted proxy', withConfig({authMode: 'trusted-proxy'}), false, /asks for neither/, /proxy/],
    ['a mixed $include', withConfig({include: 'mixed'}), false, /mixes/, /by hand/],
    ['nothing that listens', {accepted: {answer: 'no-answer', because: null, copy: null}}, true, /No gateway answers/, /--url/],
    [
      'a gateway that starts',
      {accepted: {answer: 'not-ready', because: 'it is starting', copy: null}},
      true,
      /not ready/,
      /again/,
    ],
    [
      'authentication that is off',
      {accepted: {answer: 'anything', because: null, copy: null}},
      false,
      /AUTHENTICATION IS OFF/,
      /mode/,
    ],
    [
      'a command',
      withToken({kind: 'reference', pointsTo: 'exec vault gw', reference: {how: 'secret-ref', source: 'exec', name: 'gw'}}),
      false,
      /A command gets the token/,
      /secrets reload/,
    ],
    [
      'a reference that leads to a file which others can read',
      {
        ...withToken({
          kind: 'reference',
          pointsTo: 'file /run/gw',
          reference: {how: 'secret-ref', source: 'file', name: 'value'},
        }),
        reference: reference({refused: {because: 'other accounts may read it', tryThis: 'chmod 600 /run/gw'}}),
      },
      false,
      /is a reference/,
      /chmod 600/,
    ],
    [
      'no token at all',
      {...withToken({kind: 'unset'}), accepted: {answer: 'none', because: null, copy: null}},
      false,
      /has no token/,
      /doctor --generate-gateway-token/,
    ],
    [
      'a variable of the process, and none in the config',
      {
        copies: [copy({kind: 'unset'}), env],
        winner: {copy: env, because: 'it rules'},
        accepted: {answer: 'ours', because: null, copy: env},
      },
      false,
      /another place than its config/,
      /what sets it/,
    ],
    [
      'a --token that can be seen',
      {
        copies: [copy(), pin],
        winner: {copy: pin, because: '--token beats everything'},
        accepted: {answer: 'ours', because: null, copy: pin},
      },
      false,
      /another place/,
      /Take --token out/,
    ],
    [
      'a --token that cannot be seen',
      {accepted: {answer: 'none', because: null, copy: null}},
      false,
      /neither the token in its config/,
      /--token/,
    ],
    [
      'reloading that is off, where no restart helps',
      {...withConfig({reloadMode: 'off'}), restart: null},
      false,
      /takes nothing over while it runs/,
      /--openclaw/,
    ],
    ['a config that cannot be written', withConfig({writable: false}), false, /cannot be written/, /gateway's user/],
  ]

  test.each(refused)('%s', (_, more, unknown, title, tryThis) => {
    const refusal = refusalOf('rotate', factsFor('2026.9.6', more))
    expect(refusal.refused.title).toMatch(title)
    expect(refusal.refused.tryThis).toMatch(tryThis)
    expect(refusal.unknown).toBe(unknown)
  })

  describe('a gateway that makes up a token at each start', () => {
    const unset = copy({kind: 'unset', digest: null, fingerprint: null, wins: false, verdict: 'absent'})
    const holder = {pid: 4121, command: 'openclaw-gateway'}
    const without = (release: string, more: Partial<Facts> = {}): Facts => {
      const facts = factsFor(release)
      const winner = {copy: null, because: 'nothing is set'}
      const accepted = {answer: 'none', because: null, copy: null} as const
      return {...facts, winner, accepted, copies: [unset], supervisor: {...facts.supervisor, holder}, ...more}
    }

    test('is given its first token, is restarted by a person, and is proved', () => {
      const plan = planFor('rotate', without('2026.9.6'))
      expect(plan.title).toBe('Give the gateway its first token')
      const steps = ['unchanged', 'command', 'back-up', 'try', 'write', 'life', 'restarted', 'wait', 'prove']
      expect(ids(plan).slice(0, 9)).toEqual(steps)
      expect(plan.steps.find(({id}) => id === 'restarted')?.words).toMatch(/^Restart the gateway now/)
      expect(plan.steps.map(({act}) => act)).toContainEqual({do: 'prove-token', tries: {old: false, random: true}})
      expect(plan.steps.find(({id}) => id === 'write')?.change?.from).toBeNull()
    })

    test.each([
      ['a release that restarts by itself', '2026.8.2', {}],
      ['a newer release than all that is known', '2026.12.1', {}],
      ['a process that cannot be seen', '2026.9.6', {supervisor: {...factsFor('2026.9.6').supervisor, holder: null}}],
      ['a reference that leads nowhere', '2026.9.6', {copies: [copy({kind: 'reference', pointsTo: 'env X'})]}],
      ['an included section', '2026.9.6', withConfig({include: 'whole'})],
    ])('is refused for %s', (_, release, more) => {
      expect(refusalOf('rotate', without(release, more)).refused.title).toMatch(/no token|reference/)
    })

    test('has nothing that an undo could put back', () => {
      const token = {before: null, after: '1111…1111', mark: 'x', isFirst: true, now: 'after'} as const
      const previous = {id: 'then-rotate', fix: 'rotate', backups: '/b', token, files: [], remotes: []} as const
      expect(refusalOf('undo', factsFor('2026.9.6', {previous: previous})).refused.title).toBe(
        'Before then-rotate the gateway had no token',
      )
    })
  })

  test.each(['2026.6.11', '2026.7.35', '2026.9.6'])('reloading that is off, where no service can restart it: %s', release => {
    const {config, supervisor} = factsFor(release)
    const off = {config: {...config, reloadMode: 'off'}}
    const {because, tryThis} = refusalOf('rotate', factsFor(release, off)).refused
    expect(because).toContain('no service runs it')
    expect(tryThis).toContain('gateway.reload.mode')
    const service = {...supervisor, kind: 'systemd', name: 'openclaw-gateway.service'} as const
    expect(ids(planFor('rotate', factsFor(release, {...off, supervisor: service})))).toContain('restarted')
  })

  test('an included file is for 9.6 alone', () => {
    const included = withConfig({include: 'whole'})
    expect(ids(planFor('rotate', factsFor('2026.9.6', included)))).toContain('write')
    expect(refusalOf('rotate', factsFor('2026.8.2', included)).refused.title).toContain('included file')
  })
})

describe('one gateway', () => {
  const other = '/home/ops/.openclaw-work/openclaw.json'

  test.each(['rotate', 'put-back', 'restart', 'propagate', 'verify', 'undo', 'clean-up'] as const)(
    '%s is refused where the process on the port runs with another config, and says how to name that one',
    fix => {
      const made = planOf(fix, factsFor('2026.9.6', {processConfig: other}))
      if (!isRefusal(made)) throw new Error('a plan was made')
      expect(made.refused.title).toBe('Another gateway listens on 127.0.0.1:18789')
      expect(made.refused.because).toContain(`process 4121 there runs with ${other}`)
      expect(made.refused.tryThis).toContain('--profile work')
    },
  )

  test('a restart is refused on a machine that is a client of a gateway elsewhere', () => {
    const made = planOf('restart', factsFor('2026.9.6', withConfig({gatewayMode: 'remote'})))
    expect(isRefusal(made) && made.refused.title).toBe('This machine is a client of a gateway elsewhere')
  })
})

describe('restart', () => {
  test('of a LaunchDaemon is for root, and is refused before anything runs', () => {
    const supervisor = {
      ...{...factsFor('2026.9.6').supervisor, kind: 'launchd' as const, name: 'ai.openclaw.gateway', domain: 'system'},
      file: '/Library/LaunchDaemons/ai.openclaw.gateway.plist',
    }
    const by = '`sudo launchctl kickstart -k system/ai.openclaw.gateway`'
    expect(refusalOf('restart', factsFor('2026.9.6', {supervisor})).refused.tryThis).toContain(by)
    const off = {...withConfig({reloadMode: 'off'}), supervisor}
    expect(refusalOf('rotate', factsFor('2026.9.6', off)).refused.tryThis).toContain(by)
    expect(ids(planFor('rotate', factsFor('2026.9.6', {supervisor})))).toContain('write')
  })

  test('by its own command, and never by its word alone', () => {
    const plan = planFor('restart', factsFor('2026.9.6'))
    expect(argvs(plan)).toEqual([which, ['openclaw', 'gateway', 'restart', '--json']])
    expect(ids(plan)).toEqual(['command', 'life', 'restart', 'restarted', 'still-accepted'])
  })

  test.each([
    ['2026.2.26', /fails then/],
    ['2026.3.13', /restarts nothing/],
    ['2026.6.11', /restarts nothing/],
  ])('%s says what becomes of a gateway without a service', (release, words) => {
    expect(planFor('restart', factsFor(release)).notes.join()).toMatch(words)
  })

  test.each(['2026.7.35', '2026.9.6'])('%s signals it', release => {
    expect(planFor('restart', factsFor(release)).notes).toEqual([])
  })

  test('launchd is asked once more where it left the gateway stopped', () => {
    const plan = planFor('restart', factsFor('2026.9.6', {restart: launchdForm}))
    expect(stepOf(plan, 'restart').words).toContain(
      'after 5 s once more by `launchctl bootstrap gui/501 /Users/ops/Library/LaunchAgents/ai.openclaw.gateway.plist`',
    )
  })

  test('a port that another process holds, a second supervisor, and SSH are told', () => {
    const supervisor = {
      kind: 'launchd',
      name: 'ai.openclaw.gateway',
      loaded: true,
      pid: 500,
      holder: {pid: 400, command: 'node'},
      second: 'a LaunchDaemon of the same name',
      overSsh: true,
    } as const
    const notes = planFor('restart', factsFor('2026.9.6', {supervisor})).notes.join('\n')
    expect(notes).toContain('held by process 400 (node), which is not the one of ai.openclaw.gateway (500)')
    expect(notes).toContain('two supervisors')
    expect(notes).toContain('125')
  })

  const held = (command: string, more: Partial<Facts['supervisor']> = {}): string => {
    const {supervisor} = factsFor('2026.9.6')
    return planFor(
      'restart',
      factsFor('2026.9.6', {supervisor: {...supervisor, holder: {pid: 400, command}, ...more}}),
    ).notes.join('\n')
  }
  const service = {kind: 'systemd', name: 'openclaw-gateway.service', loaded: true} as const

  test('who holds the port is told where it is not whom the service runs', () => {
    expect(held('openclaw-gateway', {...service, pid: 400})).toBe('')
    expect(held('openclaw-gateway', {...service, pid: null})).toContain(
      'and openclaw-gateway.service does not run: a gateway in a terminal',
    )
    expect(held('openclaw-gateway', {...service, pid: 500})).toContain('two gateways, or one left over')
    expect(held('nginx')).toContain('process 400 (nginx), which does not look like a gateway')
    expect(held('docker-proxy', {kind: 'container'})).toBe('')
    expect(held('node')).toBe('')
  })

  test('without a command there is no restart', () => {
    expect(refusalOf('restart', factsFor('2026.9.6', {restart: null})).refused.tryThis).toContain('--openclaw')
  })
})

describe('propagate', () => {
  const dotenv = copy({
    place: 'dotenv',
    path: '/home/ops/.openclaw/.env',
    key: 'OPENCLAW_GATEWAY_TOKEN',
    verdict: 'differs',
    fingerprint: '2222…2222',
    wins: false,
  })
  const compose = copy({place: 'compose', path: '/srv/gw/.env', key: 'OPENCLAW_GATEWAY_TOKEN', verdict: 'differs', wins: false})
  const plist = copy({
    place: 'launchd-plist',
    path: '/x.plist',
    key: 'OPENCLAW_GATEWAY_TOKEN',
    verdict: 'differs',
    writable: false,
    wins: false,
  })
  const profile = copy({place: 'profile-config', path: '/home/ops/.openclaw-b/openclaw.json', verdict: 'differs', wins: false})
  const own = copy()

  test('every copy within reach gets a backup, a write and its own proof', () => {
    const plan = planFor('propagate', factsFor('2026.9.6', {copies: [own, dotenv, compose, plist, profile]}))
    expect(ids(plan)).toEqual(['command', 'accepted', 'back-up-1', 'copy-1', 'back-up-2', 'copy-2', 'health', 'tell'])
    expect(stepOf(plan, 'copy-1')).toMatchObject({
      file: '/home/ops/.openclaw/.env',
      change: {what: 'OPENCLAW_GATEWAY_TOKEN', from: '2222…2222', to: '1111…1111'},
      otherwise: 'go-on',
    })
  })

  test('what cannot be written has a card, and compose its command', () => {
    const {cards: manualSteps} = planFor('propagate', factsFor('2026.9.6', {copies: [own, compose, plist]}))
    expect(manualSteps[0]).toBe('Run `docker compose up -d` in /srv/gw; a plain restart keeps the old environment.')
    expect(manualSteps.join('\n')).toContain('launchd plist /x.plist')
    expect(manualSteps.join('\n')).toContain('openclaw dashboard')
  })

  test("another profile's own token is left alone", () => {
    expect(ids(planFor('propagate', factsFor('2026.9.6', {copies: [own, profile]})))).toEqual(['accepted', 'tell'])
  })

  const remote = (is: 'here' | 'elsewhere' | 'unknown', more: Parameters<typeof copy>[0] = {}) =>
    copy({
      place: 'remote-config',
      key: 'gateway.remote.token',
      verdict: is === 'elsewhere' ? 'unknown' : 'differs',
      wins: false,
      meant: {url: 'wss://ops:hunter2@other:18789', is},
      ...more,
    })

  test('gateway.remote.token is written only where its address is that of this gateway', () => {
    const written = (one: ReturnType<typeof copy>) => ids(planFor('propagate', factsFor('2026.9.6', {copies: [own, one]})))
    expect(written(remote('here'))).toContain('copy-1')
    expect(written(remote('here', {place: 'profile-config'}))).toContain('copy-1')
    expect(written(remote('elsewhere'))).toEqual(['accepted', 'tell'])
    expect(written(remote('unknown'))).toEqual(['accepted', 'tell'])
  })

  test('why it is left alone, and how it is written after all', () => {
    const manualStepsIn = (is: 'elsewhere' | 'unknown') =>
      planFor('propagate', factsFor('2026.9.6', {copies: [own, remote(is)]})).cards.join('\n')
    expect(manualStepsIn('elsewhere')).toContain(
      'gateway.remote.token is for wss://other:18789, which is another gateway: it is left alone',
    )
    expect(manualStepsIn('unknown')).toContain('If it is: `gatecrab propagate --known-as other`')
    expect(manualStepsIn('elsewhere') + manualStepsIn('unknown')).not.toContain('hunter2')
  })

  test('what is no name of a machine is not given to ssh', () => {
    const remotes = [{host: '-oProxyCommand=id', argv: []}]
    expect(refusalOf('propagate', factsFor('2026.9.6', {remotes})).refused.title).toContain('no name of a machine')
  })

  test('another machine over ssh, the value on standard input', () => {
    const plan = planFor(
      'propagate',
      factsFor('2026.9.6', {remotes: [{host: 'ops@mini', argv: remoteArgv('ops@mini', ['ws://mini:1'])}]}),
    )
    const {argv, stdin} = stepOf(plan, 'remote-1')
    expect(argv?.slice(0, 8)).toEqual(['ssh', '-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '--', 'ops@mini'])
    expect(argv?.[8]).toContain('openclaw config patch --stdin')
    expect(stdin).toContain('the token in force')
  })
})

describe('clean-up', () => {
  test('backups get the token in force, leaks are blotted out, our own backups go', () => {
    const bak = copy({
      place: 'backup',
      path: '/home/ops/.openclaw/openclaw.json.bak',
      fingerprint: '0000…0000',
      verdict: 'differs',
      wins: false,
    })
    const leftovers = {
      backups: [bak],
      audits: ['/home/ops/.openclaw/logs/config-audit.jsonl'],
      own: [{plan: 'then-rotate', folder: '/b/then-rotate'}],
    }
    const plan = planFor('clean-up', factsFor('2026.9.6', {leftovers}))
    expect(ids(plan)).toEqual(['accepted', 'backup-1', 'audit-1', 'own'])
    expect(stepOf(plan, 'backup-1').change).toEqual({what: 'gateway.auth.token', from: '0000…0000', to: '1111…1111'})
    expect(plan.cannotUndo).toContain('then-rotate can no longer be undone.')
  })

  test('nothing to clean up is no plan to run', () => {
    expect(planFor('clean-up', factsFor('2026.9.6')).steps).toEqual([])
  })
})

describe('undo', () => {
  const token = {before: '0000…0000', after: '1111…1111', mark: 'm', now: 'after'} as const
  const previous = {id: 'then-rotate', fix: 'rotate', backups: '/b/then-rotate', token, files: [], remotes: []} as const

  test('the token of before is written by the same way, and proved', () => {
    const plan = planFor('undo', factsFor('2026.9.6', {previous: previous}))
    expect(ids(plan)).toEqual(['written', 'command', 'back-up', 'try', 'write', 'wait', 'prove', 'health', 'tell'])
    expect(stepOf(plan, 'write')).toMatchObject({
      argv: patch,
      change: {from: '1111…1111', to: '0000…0000'},
      act: {do: 'write-token', from: '/b/then-rotate/config'},
    })
    expect(plan.undoes).toBe('then-rotate')
  })

  test.each([
    ['before', /as it was before/],
    ['other', /somebody has changed it since/],
    ['unreadable', /cannot be read/],
  ] as const)('a token that is %s is left alone, and it is said', (now, words) => {
    expect(refusalOf('undo', factsFor('2026.9.6', {previous: {...previous, token: {...token, now}}})).refused.because).toMatch(
      words,
    )
  })

  test('files that are still what the plan wrote are put back, the others are named', () => {
    const stored = {from: '2222…2222', to: '1111…1111'}
    const file = (name: string, now: 'after' | 'other') => ({
      what: 'T',
      file: name,
      backup: `/b/${name}`,
      seal: 's',
      now,
      ...stored,
    })
    const mixed = {...previous, fix: 'propagate' as const, token: null, files: [file('a.env', 'after'), file('b.env', 'other')]}
    const plan = planFor('undo', factsFor('2026.9.6', {previous: mixed}))
    expect(ids(plan)).toEqual(['put-back-1'])
    expect(stepOf(plan, 'put-back-1').change).toEqual({what: 'T', from: '1111…1111', to: '2222…2222'})
    expect(plan.risk).toBe('changes files of clients, not who may sign in')
    expect(plan.cannotUndo.join()).not.toContain('cut off')
    expect(plan.notes.join()).toContain(
      'b.env is left alone: somebody has changed it since. The copy of before lies at /b/b.env.',
    )
  })
})

describe('rotate, where gateway.auth.token is a reference', () => {
  const ref = (source: 'file' | 'store' | 'env'): TokenCopy =>
    copy({kind: 'reference', pointsTo: `${source} X`, reference: {how: 'secret-ref', source, name: 'X'}})
  const rotation = (facts: ReferenceFacts, target: Partial<Target> = {}): Plan => {
    const given = factsFor('2026.9.6', {copies: [ref(facts.source)], reference: facts})
    return planFor('rotate', {...given, target: {...given.target, ...target}})
  }
  const between = (plan: Plan): string[] => ids(plan).slice(ids(plan).indexOf('write') + 1, ids(plan).indexOf('prove'))

  test('a file is edited and the gateway is asked to reload', () => {
    const plan = rotation(reference(), {way: {by: 'edit'}, form: {is: 'whole'}})
    expect([between(plan), ids(plan).includes('try')]).toEqual([['reload', 'wait'], false])
    expect(stepOf(plan, 'write').change?.what).toBe('/run/gw, to which gateway.auth.token points')
    expect(plan.notes.join(' ')).toContain('The config stays as it is')
  })

  test('a value of the store is set by OpenClaw on its standard input, tried before, and never an argument', () => {
    const way = {by: 'store', argv: ['openclaw', 'secrets', 'store', 'set', 'X', '--kind', 'secret']} as const
    const plan = rotation(reference({source: 'store'}), {way, form: {is: 'store', name: 'X'}})
    expect(stepOf(plan, 'write')).toMatchObject({argv: way.argv, stdin: 'the new token', otherwise: 'roll-back'})
    expect(stepOf(plan, 'try').argv).toEqual([...way.argv, '--dry-run'])
    expect(between(plan)).toEqual(['reload', 'wait'])
  })

  test.each([
    ['person', null, ['life', 'restarted', 'wait']],
    [
      'restart',
      {by: 'manager', argv: ['systemctl', '--user', 'restart', 'u'], bootstrap: null, bootstrapAfterMs: 0, byHand: ''},
      ['life', 'restart', 'restarted', 'wait'],
    ],
  ] as const)('a variable is read by a new process: %s', (takesOver, restart, steps) => {
    const plan = rotation(reference({source: 'env', takesOver, restart}), {form: {is: 'env-line', key: 'X', dialect: 'dotenv'}})
    expect(between(plan)).toEqual(steps)
    expect(plan.steps.filter(({id}) => steps.includes(id as never)).every(one => one.otherwise === 'roll-back')).toBe(true)
    expect(plan.interrupts[0]).toMatch(/every client is cut off/)
  })
})

test('a gateway in password mode has the same plan, in words of a password', () => {
  const own = copy({key: 'gateway.auth.password'})
  const given = factsFor('2026.9.6', {...withConfig({authMode: 'password'}), copies: [own], winner: {copy: own, because: ''}})
  const plan = planFor('rotate', {...given, target: {...given.target, secret: 'password'}})
  expect(plan.title).toBe('Replace the gateway password')
  expect(stepOf(plan, 'write')).toMatchObject({
    stdin: '{gateway: {auth: {password: the new password}}}',
    change: {what: 'gateway.auth.password'},
  })
  expect(stepOf(plan, 'prove').words).toContain('the new password accepted')
})

describe('put-back', () => {
  const unset = copy({kind: 'unset', digest: null, fingerprint: null, wins: false, verdict: 'absent'})
  const none = {answer: 'none', because: null, copy: null} as const
  const without = (more: Partial<Facts> = {}): Facts => {
    const facts = factsFor('2026.9.6', {copies: [unset], winner: {copy: null, because: 'nothing is set'}, accepted: none})
    return {...facts, config: {...facts.config, authMode: null}, backedUp: [backedUp()], ...more}
  }
  const written = (plan: Plan) => plan.steps.find(({act}) => act.do === 'write-token')?.act

  test('where the whole section is gone: its mode is written with it, which makes the gateway begin again', () => {
    const plan = planFor('put-back', without())
    expect(plan.title).toBe('Put back the token of /b/openclaw.json.bak')
    expect(written(plan)).toMatchObject({from: '/b/openclaw.json.bak', isFirst: true, withMode: true})
    expect(plan.steps.find(({id}) => id === 'write')?.stdin).toContain('mode: "token"')
    expect(ids(plan)).not.toContain('restarted')
    expect(plan.interrupts[0]).toContain('restarts itself')
  })

  test('where only the token is gone a person restarts it, unless it never let go of that token', () => {
    const {config} = factsFor('2026.9.6')
    expect(ids(planFor('put-back', without({config})))).toContain('restarted')
    const kept = planFor('put-back', without({config, backedUp: [backedUp({isAccepted: true})]}))
    expect([ids(kept).includes('restarted'), kept.interrupts]).toEqual([false, []])
  })

  test('where another token is in force the newer one is tried and must be refused', () => {
    const plan = planFor('put-back', factsFor('2026.9.6', {backedUp: [backedUp({replacedBy: 'then-rotate'})]}))
    expect(written(plan)).toEqual(expect.not.objectContaining({isFirst: true}))
    expect(plan.steps.map(({act}) => act)).toContainEqual({do: 'prove-token', tries: {old: true, random: true}})
    expect(plan.notes.join(' ')).toContain('then-rotate replaced this token')
  })

  test.each([
    ['a reference', {copies: [copy({kind: 'reference', pointsTo: 'env X'})]}, /reference/],
    ['an included section', {...withConfig({include: 'whole'}), copies: [unset]}, /adds none/],
    ['a --token at its start', {winner: {copy: copy({place: 'start-command'}), because: 'pinned'}}, /another place/],
    ['no backup', {backedUp: []}, /No backup/],
  ] as const)('is refused for %s', (_, more, title) => {
    expect(refusalOf('put-back', without(more as Partial<Facts>)).refused.title).toMatch(title)
  })
})

describe('every plan', () => {
  const previous = {
    id: 'p',
    fix: 'rotate',
    backups: '/b/p',
    token: {before: null, after: null, mark: 'm', now: 'after'},
    files: [],
    remotes: [],
  } as const
  const all = (Object.keys(fixes) as GatewayFix[]).map(
    fix => [fix, planFor(fix, factsFor('2026.9.6', {previous: previous, backedUp: [backedUp()]}))] as const,
  )

  test.each(all)('%s can be handed over as text', (_, plan) => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  })

  test.each(all)('%s has steps with ids of their own', (_, plan) => {
    expect(new Set(ids(plan)).size).toBe(plan.steps.length)
  })

  test.each(all)('%s runs nothing that stops the gateway, signals it or repairs it', (_, plan) => {
    expect(argvs(plan).filter(argv => /\b(?:stop|kill|doctor|--fix)\b/.test(argv.join(' ')))).toEqual([])
  })

  test('rules of a release that nobody knows assume nothing', () => {
    expect(releaseRulesOf(null)).toMatchObject({writes: 'edit', isKnown: false, bothRefused: true})
    expect(releaseRulesOf('main')).toMatchObject({writes: 'edit', isKnown: false})
  })
})
