import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import type {Facts} from '../../src/domain/plans/facts.ts'
import {type Entry, endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {Plan, Step, TokenWay} from '../../src/domain/plans/plan.ts'
import {cliOf, restartArgv} from '../../src/gateway/cli.ts'
import type {HostEnv} from '../../src/gateway/paths.ts'
import {releaseRulesOf} from '../../src/gateway/versions.ts'
import {openHasher} from '../../src/sources/plans/digest.ts'
import {listJournals} from '../../src/sources/plans/journals.ts'
import {makePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {runPlan} from '../../src/sources/plans/runner.ts'
import {compileCache} from '../compile-cache.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {askPort, nodePath} from '../fixtures/stubs/home.ts'
import {type Follows, type Scripted, startScripted} from '../fixtures/stubs/scripted.ts'

const old = `${'a1'.repeat(23)}b2`
const at = ['gateway', 'auth', 'token']

let home: string
let configFile: string
let gateway: Scripted | null

const tokenIn = (): string =>
  /token: '([^']*)'|"token":\s*"([^"]*)"/.exec(fs.readFileSync(configFile, 'utf8'))?.slice(1).find(Boolean) ?? ''

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-runner-'))
  fs.mkdirSync(path.join(home, '.openclaw'))
  configFile = path.join(home, '.openclaw', 'openclaw.json')
  gateway = null
})

afterEach(async () => {
  await gateway?.end()
  fs.rmSync(home, {recursive: true, force: true})
})

const writeConfig = (text: string): void => fs.writeFileSync(configFile, text, {mode: 0o600})
const plain = (): string =>
  JSON.stringify({meta: {lastTouchedVersion: 'x'}, gateway: {port: 1, auth: {mode: 'token', token: old}}}, null, 2)

const hostEnvOf = (more: Record<string, string> = {}, platform: NodeJS.Platform = process.platform): HostEnv => ({
  platform,
  home,
  tmp: os.tmpdir(),
  uid: 501,
  env: {
    HOME: home,
    PATH: nodePath(),
    GATECRAB_STATE_DIR: path.join(home, 'state'),
    STUB_LOG: path.join(home, 'calls'),
    ...compileCache,
    ...more,
  },
})

const places = () => statePlaces(hostEnvOf())

const wayOf = (facts: Facts): TokenWay => {
  const cli = cliOf(['openclaw'])
  if (facts.rules.writes === 'edit') return {by: 'edit'}
  const batchFile = path.join(facts.backups, 'batch.json')
  return facts.rules.writes === 'patch-stdin'
    ? {by: 'patch-stdin', argv: cli.patch}
    : {by: 'batch-file', argv: cli.batch(batchFile), batchFile}
}

/** The facts of this home, with budgets that a test can wait for. */
const factsHere = (release: string, port: number, more: Partial<Facts> = {}): Facts => {
  makePlaces(places())
  const seal = openHasher(places().key).digest(fs.readFileSync(configFile))
  const base = factsFor(release)
  const backups = path.join(places().backups, 'now')
  const rules = {...releaseRulesOf(release), budgetMs: 2500, restartBudgetMs: 2500}
  const facts = {...base, id: 'now', backups, rules, config: {...base.config, seal}, ...more}
  const target = {...base.target, configFile, tokenFile: configFile, tokenAt: at, stateDir: path.dirname(configFile), port}
  const source = {place: 'config', path: configFile, key: 'gateway.auth.token'} as const
  return {...facts, target: {...target, source, way: wayOf(facts)}}
}

const rotation = (release: string, port: number, more: Partial<Plan['gateway']> = {}): Plan => {
  const made = planOf('rotate', factsHere(release, port))
  if (isRefusal(made)) throw new Error(made.refused.title)
  return {...made, gateway: {...made.gateway, ...more}}
}

const without = (plan: Plan, ...ids: string[]): Plan => ({...plan, steps: plan.steps.filter(({id}) => !ids.includes(id))})
const entriesNow = (): readonly Entry[] => listJournals(places())[0]?.entries ?? []
const begin = async (text: string, follows: Follows, more: {knowsReadyz?: boolean} = {}): Promise<number> => {
  writeConfig(text)
  gateway = await startScripted(configFile, {follows, ...more})
  return gateway.port
}
const wrongTries = (): number => gateway?.asked.filter(({status}) => status === 401).length ?? 0

describe('a rotation, by how releases take it over', () => {
  test.each([
    ['2026.9.6', 'hot'],
    ['2026.8.2', 'both-refused'],
    ['2026.6.11', 'restart'],
    ['2026.4.15', 'restart'],
    ['2026.3.13', 'restart'],
    ['2026.2.26', 'restart'],
    ['2026.1.29', 'restart'],
  ] as const)('%s: %s', async (release, follows) => {
    const port = await begin(plain(), follows, {knowsReadyz: release > '2026.5'})
    const plan = without(rotation(release, port), 'health', 'devices')
    const end = await runPlan(plan, hostEnvOf({STUB_RELEASE: release}))
    expect(end).toMatchObject({outcome: 'done', changed: true, because: null})
    expect(tokenIn()).toMatch(/^[0-9a-f]{48}$/)
    expect([await askPort(port, tokenIn()), await askPort(port, old)]).toEqual([400, 401])
    expect(entriesOf(entriesNow(), 'proved').every(({ok}) => ok)).toBe(true)
  })

  test('sends wrong tokens once each, and never while nothing happens', async () => {
    const port = await begin(plain(), 'hot')
    await runPlan(without(rotation('2026.9.6', port), 'health', 'devices'), hostEnvOf())
    expect(wrongTries()).toBeLessThanOrEqual(3)
  })

  test('an edit keeps comments, meta, order and mode', async () => {
    const text = `// ours\n{meta: {lastTouchedVersion: '2026.3.13'}, /* here */ gateway: {auth: {token: '${old}', mode: 'token'}, port: 1,},}\n`
    const port = await begin(text, 'restart')
    await runPlan(without(rotation('2026.3.13', port), 'health', 'devices'), hostEnvOf())
    expect(fs.readFileSync(configFile, 'utf8')).toBe(text.replace(old, tokenIn()))
    expect(fs.statSync(configFile).mode & 0o777).toBe(0o600)
  })

  test('a service of an old release is installed again before the wait', async () => {
    const port = await begin(plain(), 'restart')
    const supervisor = {...factsFor('2026.2.26').supervisor, kind: 'systemd', name: 'openclaw-gateway.service'} as const
    const made = planOf('rotate', factsHere('2026.2.26', port, {supervisor}))
    if (isRefusal(made)) throw new Error(made.refused.title)
    expect((await runPlan(without(made, 'health', 'devices'), hostEnvOf({STUB_RELEASE: '2026.2.26'}))).outcome).toBe('done')
    expect(fs.readFileSync(path.join(home, 'calls'), 'utf8')).toBe(
      '{"args":["gateway","install","--force","--json"],"stray":[]}\n',
    )
  })

  test('the batch file is gone afterwards', async () => {
    const port = await begin(plain(), 'restart')
    const plan = without(rotation('2026.4.15', port), 'health', 'devices')
    await runPlan(plan, hostEnvOf({STUB_RELEASE: '2026.4.15'}))
    expect(fs.readdirSync(plan.backups)).toEqual(['config'])
    expect(fs.readFileSync(path.join(home, 'calls'), 'utf8')).toContain(
      `"config","set","--batch-file","${plan.backups}/batch.json"`,
    )
  })
})

const patches = (): number => fs.readFileSync(path.join(home, 'calls'), 'utf8').split('"patch","--stdin"]').length - 1
const stays = (): void => expect(tokenIn()).toBe(old)

describe('what goes wrong', () => {
  test('a pinned gateway: the old token is back in the config', async () => {
    const port = await begin(plain(), 'pinned')
    const end = await runPlan(rotation('2026.9.6', port), hostEnvOf())
    expect(end).toMatchObject({outcome: 'undone', changed: false, because: expect.stringContaining('why is not known')})
    stays()
    expect(await askPort(port, old)).toBe(400)
  })

  describe('gateway.reload.mode off', () => {
    const says = path.join(import.meta.dirname, '../fixtures/stubs/captures/2026.9.6-gateway-restart-foreground.json')
    const offline = (port: number): Plan => {
      const facts = factsHere('2026.9.6', port)
      const restart = {argv: restartArgv(['openclaw']), bootstrap: null, bootstrapAfterMs: 10, byHand: 'By hand.'}
      const target = {...facts.target, restart, needsRestart: true}
      const supervisor = {...facts.supervisor, kind: 'systemd', name: 'openclaw-gateway.service'} as const
      const made = planOf('rotate', {...facts, restart, target, supervisor, config: {...facts.config, reloadMode: 'off'}})
      if (isRefusal(made)) throw new Error(made.refused.title)
      return made
    }
    const restarts = (): number => fs.readFileSync(path.join(home, 'calls'), 'utf8').split('"restart"').length - 1
    /** As the command would make it do. */
    const restartWhenAsked = (times: number): Promise<void> =>
      vi
        .waitUntil(() => fs.existsSync(path.join(home, 'calls')) && restarts() >= times, {timeout: 15_000, interval: 20})
        .then(() => gateway?.restart())

    test('the gateway is restarted, and takes the new token then', async () => {
      const port = await begin(plain(), 'pinned')
      const running = runPlan(without(offline(port), 'health', 'devices'), hostEnvOf({STUB_SAYS: says}))
      await restartWhenAsked(1)
      expect(await running).toMatchObject({outcome: 'done', changed: true})
      expect([await askPort(port, tokenIn()), await askPort(port, old)]).toEqual([400, 401])
    })

    test('where it must be taken back after that, it is restarted once more', async () => {
      const port = await begin(plain(), 'pinned')
      const plan = offline(port)
      const steps = plan.steps.map(step => (step.id === 'health' ? {...step, otherwise: 'roll-back' as const} : step))
      const running = runPlan({...plan, steps}, hostEnvOf({STUB_SAYS: says}))
      await restartWhenAsked(1)
      await restartWhenAsked(2)
      expect(await running).toMatchObject({outcome: 'undone', changed: false})
      stays()
      expect(await askPort(port, old)).toBe(400)
    })

    test('a restart that restarted nothing needs none to be taken back', async () => {
      const port = await begin(plain(), 'pinned')
      const none = path.join(import.meta.dirname, '../fixtures/stubs/captures/2026.6.11-gateway-restart-noservice-running.json')
      const end = await runPlan(offline(port), hostEnvOf({STUB_SAYS: none}))
      expect(end).toMatchObject({outcome: 'undone', changed: false, because: expect.stringContaining('not-loaded')})
      expect(restarts()).toBe(1)
      stays()
    })
  })

  test('authentication that is off is said, and nothing is put back, since that would mend nothing', async () => {
    const port = await begin(plain(), 'off')
    const end = await runPlan(rotation('2026.9.6', port), hostEnvOf())
    expect(end).toMatchObject({outcome: 'failed', changed: true, because: expect.stringContaining('AUTHENTICATION IS OFF')})
    expect(tokenIn()).not.toBe(old)
  })

  test('a gateway that dies of it: the old token is in the config again, and what to type is said', async () => {
    const port = await begin(plain(), 'dies')
    const restart = {
      argv: restartArgv(['openclaw']),
      bootstrap: null,
      bootstrapAfterMs: 10,
      byHand: 'By hand: `openclaw gateway run`.',
    }
    const says = path.join(import.meta.dirname, '../fixtures/stubs/captures/2026.9.6-gateway-restart-stopped-noservice.json')
    const end = await runPlan(rotation('2026.9.6', port, {restart}), hostEnvOf({STUB_SAYS: says, STUB_EXIT: '1'}))
    expect(end).toMatchObject({outcome: 'failed', changed: false})
    expect(end.because).toContain('By hand: `openclaw gateway run`')
    stays()
  })

  test.each([
    ['ENOSPC', 'no space left'],
    ['EROFS', 'read-only'],
  ])('a write that fails with %s changes nothing', async (how, words) => {
    const port = await begin(plain(), 'hot')
    const end = await runPlan(rotation('2026.9.6', port), hostEnvOf({STUB_WRITE: how}))
    expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringContaining(words)})
    expect(end.because).toContain('Nothing was changed')
    stays()
  })

  test('a command that says done and writes nothing leaves everything as it was', async () => {
    const port = await begin(plain(), 'hot')
    const end = await runPlan(rotation('2026.9.6', port), hostEnvOf({STUB_WRITE: 'nothing'}))
    expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringContaining('does not hold the token')})
    expect(patches()).toBe(1)
    stays()
  })

  test('a command that dies with half of the config written: the whole file of before is back, and that is said', async () => {
    const port = await begin(plain(), 'hot')
    const before = fs.readFileSync(configFile)
    const end = await runPlan(rotation('2026.9.6', port), hostEnvOf({STUB_WRITE: 'cut'}))
    expect(end).toMatchObject({outcome: 'undone', changed: false, because: expect.stringContaining('cannot be parsed')})
    expect(fs.readFileSync(configFile).equals(before)).toBe(true)
    expect(entriesOf(entriesNow(), 'undone').map(({what}) => what)).toContainEqual(
      expect.stringContaining('the whole file of before'),
    )
    expect(await askPort(port, old)).toBe(400)
  })

  describe('a command that means the config of another gateway', () => {
    const other = (): string => path.join(home, '.openclaw-work', 'openclaw.json')
    const theirs = {gateway: {port: 2, auth: {mode: 'token', token: 'theirs'.repeat(8)}}}
    const writeOther = (): void => {
      fs.mkdirSync(path.dirname(other()))
      fs.writeFileSync(other(), JSON.stringify(theirs), {mode: 0o600})
    }

    test('is found out before anything is written', async () => {
      const port = await begin(plain(), 'hot')
      writeOther()
      const end = await runPlan(rotation('2026.9.6', port), hostEnvOf({STUB_CONFIG: other()}))
      expect(end).toMatchObject({outcome: 'failed', changed: false})
      expect(end.because).toContain(`OpenClaw's command means another gateway: its config is ${other()}, not ${configFile}`)
      expect([patches(), fs.readFileSync(other(), 'utf8')]).toEqual([0, JSON.stringify(theirs)])
      stays()
    })

    test('is not made to write our old token there, where it could not be asked first', async () => {
      const port = await begin(plain(), 'hot')
      writeOther()
      const end = await runPlan(without(rotation('2026.9.6', port), 'command'), hostEnvOf({STUB_CONFIG: other()}))
      expect(end).toMatchObject({outcome: 'failed', changed: true, because: expect.stringContaining('another gateway')})
      expect(patches()).toBe(1)
      expect(fs.readFileSync(other(), 'utf8')).not.toContain(old)
      expect(fs.readFileSync(`${other()}.bak`, 'utf8')).toBe(JSON.stringify(theirs))
      stays()
    })
  })

  test('a config that somebody changed since the plan was made is left alone', async () => {
    const port = await begin(plain(), 'hot')
    const plan = rotation('2026.9.6', port)
    fs.appendFileSync(configFile, '\n')
    expect(await runPlan(plan, hostEnvOf())).toMatchObject({
      outcome: 'failed',
      changed: false,
      because: expect.stringContaining('has been changed since'),
    })
    stays()
  })

  test("somebody else's token, written meanwhile, is theirs to keep", async () => {
    const port = await begin(plain(), 'pinned')
    const running = runPlan(rotation('2026.9.6', port), hostEnvOf())
    await expect
      .poll(() => entriesOf(entriesNow(), 'step-started').some(({step}) => step === 'wait'), {timeout: 10_000})
      .toBe(true)
    writeConfig(plain().replace(old, 'c3'.repeat(24)))
    expect(await running).toMatchObject({outcome: 'failed', changed: true, because: expect.stringContaining('somebody else')})
    expect(tokenIn()).toBe('c3'.repeat(24))
  })

  test.each(['2026.9.6', '2026.3.13'])(
    '%s: a token that somebody else writes between the look and the write is theirs to keep',
    async release => {
      const port = await begin(plain(), 'pinned')
      const plan = without(rotation(release, port), 'try')
      const theirs = 'c3'.repeat(24)
      const argv = ['/bin/sed', '-i', `s/${old}/${theirs}/`, configFile]
      const meddle: Step = {...plan.steps[0]!, id: 'meddle', kind: 'run', act: {do: 'reinstall', argv}}
      const at = plan.steps.findIndex(({id}) => id === 'write')
      const end = await runPlan({...plan, steps: plan.steps.toSpliced(at, 0, meddle)}, hostEnvOf())
      expect(end).toMatchObject({
        outcome: 'failed',
        changed: false,
        because: expect.stringContaining('somebody else has changed the token'),
      })
      expect(tokenIn()).toBe(theirs)
    },
  )

  test('nobody answers: nothing is begun, and that it could not be found out is said', async () => {
    const port = await begin(plain(), 'hot')
    const plan = rotation('2026.9.6', port)
    await gateway?.end()
    expect(await runPlan(plan, hostEnvOf())).toMatchObject({outcome: 'failed', changed: false, unknown: true})
    stays()
  })

  test('another service on the port is not taken for the gateway', async () => {
    const port = await begin(plain(), 'hot')
    const plan = rotation('2026.9.6', port)
    writeConfig(plain().replace(old, 'd4'.repeat(24)))
    const sealed = {...plan, steps: plan.steps.filter(({id}) => id !== 'unchanged')}
    gateway?.follow('pinned')
    const end = await runPlan(sealed, hostEnvOf())
    expect(end).toMatchObject({outcome: 'failed', changed: false})
    expect(tokenIn()).toBe('d4'.repeat(24))
  })

  type Context = {skip: (remark: string) => never}

  const onSmallDisk = async (
    context: Context,
    work: () => Promise<void>,
    {folder = path.dirname(configFile), size = '256k'} = {},
  ): Promise<void> => {
    fs.mkdirSync(folder, {recursive: true})
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {stdio: 'ignore'})
    } catch {
      context.skip('no small disk can be made here')
    }
    try {
      await work()
    } finally {
      execFileSync('/bin/umount', ['-l', folder])
    }
  }

  const fillDisk = (folder = path.dirname(configFile)): void => {
    const fd = fs.openSync(path.join(folder, 'filler'), 'w')
    expect(() => {
      for (;;) fs.writeSync(fd, Buffer.alloc(4096))
    }).toThrow('ENOSPC')
    fs.closeSync(fd)
  }

  test('a disk that is full where the config is', async context => {
    await onSmallDisk(context, async () => {
      const port = await begin(plain(), 'hot')
      const plan = rotation('2026.3.13', port)
      fillDisk()
      const end = await runPlan(plan, hostEnvOf({STUB_RELEASE: '2026.3.13'}))
      expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringContaining('the disk is full')})
      stays()
      expect(fs.readdirSync(path.dirname(configFile)).toSorted()).toEqual(['filler', 'openclaw.json'])
    })
  })

  test.for(['unchanged', 'back-up', 'write', 'wait', 'prove', 'tell'])(
    'a disk that is full where the journal is, as the step %s begins: old or new, and told',
    async (step, context) => {
      const state = path.join(home, 'state')
      const work = async (): Promise<void> => {
        const port = await begin(plain(), 'restart')
        const running = runPlan(rotation('2026.9.6', port), hostEnvOf({STUB_WRITE: step === 'write' ? 'waits' : ''}))
        await vi.waitUntil(
          () => entriesOf(entriesNow(), 'step-started').some(one => one.step === step) || endEntry(entriesNow()),
          {
            timeout: 20_000,
            interval: 2,
          },
        )
        fillDisk(state)
        fs.writeFileSync(path.join(home, 'calls.go'), '')
        const end = await running
        expect(/^[0-9a-f]{48}$/.test(tokenIn())).toBe(true)
        expect(end.changed).toBe(tokenIn() !== old)
        expect(endEntry(entriesNow())).toMatchObject({outcome: end.outcome, changed: end.changed})
        expect(await askPort(port, tokenIn())).toBe(400)
      }
      await onSmallDisk(context, work, {folder: state, size: '640k'})
    },
  )

  test('a file system that is read-only', async context => {
    await onSmallDisk(context, async () => {
      const port = await begin(plain(), 'hot')
      const plan = rotation('2026.3.13', port)
      execFileSync('/bin/mount', ['-o', 'remount,ro', path.dirname(configFile)])
      const end = await runPlan(plan, hostEnvOf())
      expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringContaining('read-only')})
      stays()
    })
  })

  test('a disk that is full before anything is begun', async () => {
    const port = await begin(plain(), 'hot')
    const plan = rotation('2026.9.6', port)
    fs.mkdirSync(plan.backups, {recursive: true})
    fs.writeFileSync(path.join(plan.backups, 'config'), 'in the way')
    expect(await runPlan(plan, hostEnvOf())).toMatchObject({
      outcome: 'failed',
      changed: false,
      because: expect.stringContaining('cannot be copied'),
    })
    stays()
  })
})

describe('restart', () => {
  const restartPlan = (port: number, form: Partial<NonNullable<Facts['restart']>> = {}): Plan => {
    const facts = factsHere('2026.9.6', port)
    const made = planOf('restart', {
      ...facts,
      restart: {argv: restartArgv(['openclaw']), bootstrap: null, bootstrapAfterMs: 20, byHand: 'By hand.', ...form},
    })
    if (isRefusal(made)) throw new Error(made.refused.title)
    return made
  }
  const capture = (name: string): string => path.join(import.meta.dirname, '../fixtures/stubs/captures', `${name}.json`)

  test.each([
    ['2026.6.11-gateway-restart-noservice-running', /not-loaded/],
    ['2026.9.6-launchd-shim-restart', /nothing was signalled/],
    ['2026.1.29-gateway-restart-noservice-running', /systemd does not serve/],
    ['2026.9.6-gateway-restart-stopped-noservice', /does not touch the service/],
  ])('%s is told as what it is', async (name, words) => {
    const port = await begin(plain(), 'hot')
    const end = await runPlan(restartPlan(port), hostEnvOf({STUB_SAYS: capture(name)}))
    expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringMatching(words)})
  })

  test('"restarted" is not believed while the same gateway goes on', async () => {
    const port = await begin(plain(), 'hot')
    const end = await runPlan(restartPlan(port), hostEnvOf({STUB_SAYS: capture('2026.9.6-gateway-restart-foreground')}))
    expect(end).toMatchObject({outcome: 'failed', because: expect.stringContaining('it is still process')})
  })

  test('"scheduled" is waited for', async () => {
    const port = await begin(plain(), 'hot')
    const running = runPlan(restartPlan(port), hostEnvOf({STUB_SAYS: capture('2026.9.6-gateway-restart-safe-foreground')}))
    await expect
      .poll(() => entriesOf(entriesNow(), 'step-started').some(({step}) => step === 'restarted'), {timeout: 10_000})
      .toBe(true)
    await gateway?.restart()
    expect(await running).toMatchObject({outcome: 'done', changed: true})
  })

  test('launchd is asked once more after its error 5', async () => {
    const port = await begin(plain(), 'hot')
    const says = path.join(home, 'says.json')
    fs.writeFileSync(says, JSON.stringify({action: 'restart', ok: false, error: 'Bootstrap failed: 5: Input/output error'}))
    const plist = path.join(home, 'x.plist')
    const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
    const env = {STUB_SAYS: says, STUB_EXIT: '1', PATH: `${services}:${nodePath()}`}
    const running = runPlan(restartPlan(port, {bootstrap: ['launchctl', 'bootstrap', 'gui/501', plist]}), hostEnvOf(env))
    await expect
      .poll(() => entriesOf(entriesNow(), 'step-started').some(({step}) => step === 'restarted'), {timeout: 10_000})
      .toBe(true)
    await gateway?.restart()
    expect(await running).toMatchObject({outcome: 'done'})
    expect(fs.readFileSync(path.join(home, 'calls'), 'utf8')).toContain(`launchctl bootstrap gui/501 ${plist}\n`)
  })

  test('and where that fails too, it is said that the gateway is stopped', async () => {
    const port = await begin(plain(), 'hot')
    const says = path.join(home, 'says.json')
    fs.writeFileSync(says, JSON.stringify({action: 'restart', ok: false, error: 'Bootstrap failed: 5: Input/output error'}))
    const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
    const env = {
      STUB_SAYS: says,
      PATH: `${services}:${nodePath()}`,
      STUB_LAUNCHCTL_BOOTSTRAP: 'Bootstrap failed: 5: Input/output error',
    }
    const end = await runPlan(restartPlan(port, {bootstrap: ['launchctl', 'bootstrap', 'gui/501', '/x.plist']}), hostEnvOf(env))
    expect(end).toMatchObject({outcome: 'failed', because: expect.stringContaining('IT IS STOPPED')})
  })

  test('over SSH without a login at the console', async () => {
    const port = await begin(plain(), 'hot')
    const says = path.join(home, 'says.json')
    fs.writeFileSync(
      says,
      JSON.stringify({action: 'restart', ok: false, error: 'Bootstrap failed: 125: Domain does not support specified action'}),
    )
    const end = await runPlan(restartPlan(port), hostEnvOf({STUB_SAYS: says}))
    expect(end).toMatchObject({outcome: 'failed', changed: false, because: expect.stringContaining('logged in at the console')})
  })
})

test('two plans on one gateway: the second one is told, and nothing is done', async () => {
  const port = await begin(plain(), 'pinned')
  const plan = rotation('2026.9.6', port)
  const first = runPlan(plan, hostEnvOf())
  await expect.poll(() => entriesOf(entriesNow(), 'step-started').length, {timeout: 10_000}).toBeGreaterThan(0)
  const second = await runPlan({...plan, id: 'other', backups: path.join(places().backups, 'other')}, hostEnvOf())
  expect(second).toMatchObject({
    outcome: 'failed',
    changed: false,
    unknown: true,
    because: expect.stringContaining('another plan is running'),
  })
  await first
  expect(endEntry(entriesNow())).not.toBeNull()
})
