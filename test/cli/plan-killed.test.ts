import {spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {lastChild} from '../../src/domain/plans/continuation.ts'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import type {Plan} from '../../src/domain/plans/plan.ts'
import {askPort, collected, type Ended, type Home, startHome} from '../fixtures/stubs/home.ts'
import {startScripted} from '../fixtures/stubs/scripted.ts'

const within = async (work: (home: Home) => Promise<void>, options: {drainMs?: number} = {}): Promise<void> => {
  const home = await startHome(options)
  try {
    await work(home)
  } finally {
    await home.end()
  }
}

const isWhole = (text: string): boolean => {
  const {gateway} = JSON.parse(text) as {gateway: {auth: {token: string}}}
  return /^[0-9a-f]{48}$/.test(gateway.auth.token)
}

const timeoutMs = 20_000

/** `expect.poll` does not know which of several tests at once it is in. */
const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came to be that ${what}`)
    await new Promise(resolve => setTimeout(resolve, 40))
  }
}

/** The gateway takes a change over within a moment; then it and the config must say the same. */
const agrees = (home: Home): Promise<void> =>
  until('the gateway takes the token of its config', async () => (await home.ask(home.token())) === 400)

const isWriting = (home: Home): boolean =>
  entriesOf(home.journals()[0]?.entries ?? [], 'step-started').some(({step}) => step === 'write')

type Next = {id: string; outcome: string | null; next: {do: string; words: string} | null}

const next = async (home: Home): Promise<Next> => {
  const {stdout} = await home.run(['journals', '--json'])
  return JSON.parse(stdout.split('\n')[0] ?? '') as Next
}

/** More than a rotation has entries; those beyond its end kill nobody. */
const entries = 38

describe.concurrent('kill -9 of the runner', () => {
  test.each(Array.from({length: entries}, (_, i) => i + 1))('after entry %i', async count => {
    await within(async home => {
      const old = home.token()
      const killed = await home.run(['rotate', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
      await agrees(home)
      if (endEntry(killed.entries)) {
        expect(killed.entries.length).toBeLessThanOrEqual(count)
        return
      }
      expect(killed.code).toBe(1)
      expect(killed.entries.length).toBe(count)
      const wrote = home.token() !== old
      expect((await next(home)).next?.do).toBe(wrote ? 'finish' : 'close')
      const continued = await home.run(['journals', '--continue', '--yes', '--json'])
      expect([continued.code, continued.stderr]).toEqual([0, ''])
      expect(home.token() !== old).toBe(wrote)
      await agrees(home)
      if (wrote) expect(await home.ask(old)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  })
})

describe.concurrent('other ways to be cut off', () => {
  test('a command that outlives its runner is waited for', async () => {
    await within(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      const runner = entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0
      process.kill(runner, 'SIGKILL')
      expect((await running).code).toBe(1)
      expect((await next(home)).next?.do).toBe('wait')
      const blocked = await home.run(['rotate', '--yes'])
      expect([blocked.code, blocked.stderr]).toEqual([1, expect.stringContaining('was cut off')])
      home.release()
      await until('the command has written', () => home.token() !== old)
      await until('the command is gone', async () => (await next(home)).next?.do !== 'wait')
      expect((await next(home)).next?.do).toBe('finish')
      expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      await agrees(home)
    })
  })

  test('asked to end while OpenClaw is at work, the plan ends with the old token in force', async () => {
    await within(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      process.kill(entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0, 'SIGTERM')
      const {code, entries} = await running
      expect([code, home.token(), endEntry(entries)]).toMatchObject([1, old, {outcome: 'failed', changed: false}])
      expect(endEntry(entries)?.because).toContain('asked to end')
      expect((await home.run(['rotate', '--yes'])).code).toBe(0)
    })
  })

  test('a wrapper whose child hangs after writing: asked to end, the plan puts the old token back', async () => {
    await within(async home => {
      const old = home.token()
      const wrapper = path.join(home.home, 'wrapper')
      const stub = path.join(import.meta.dirname, '../fixtures/stubs/openclaw')
      const hang = `if [[ "$*" == *"patch --stdin"* && "$*" != *dry-run* && ! -e ${wrapper}.once ]]; then touch ${wrapper}.once; ${stub} "$@"; trap '' TERM; sleep 1000; fi`
      fs.writeFileSync(wrapper, `#!/bin/bash\n${hang}\nexec ${stub} "$@"\n`, {mode: 0o755})
      const running = home.run(['rotate', '--yes', '--json', '--openclaw', wrapper])
      await until('the new token is written', () => home.token() !== old)
      process.kill(entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0, 'SIGTERM')
      const {entries} = await running
      expect([home.token(), endEntry(entries)]).toMatchObject([old, {outcome: 'undone', changed: false}])
      await agrees(home)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  }, 180_000)

  test('killed together with OpenClaw while that had half of the config written: the whole file of before comes back', async () => {
    await within(async home => {
      const before = fs.readFileSync(home.configFile)
      const running = home.run(['rotate', '--yes'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      const {entries} = home.journals()[0] ?? {entries: []}
      const pids = [entriesOf(entries, 'planned')[0]?.runner.pid, lastChild(entries)?.pid]
      for (const pid of pids) process.kill(pid ?? 0, 'SIGKILL')
      await running
      fs.writeFileSync(home.configFile, before.subarray(0, 100))
      expect((await next(home)).next).toMatchObject({do: 'roll-back', words: expect.stringContaining('the whole file of before')})
      const {stderr} = await home.run(['rotate', '--yes'])
      expect(stderr).toContain(`gatecrab journals --continue ${home.journals()[0]?.id}`)
      const continued = await home.run(['journals', '--continue', '--yes'])
      expect([continued.code, continued.stderr]).toEqual([0, ''])
      expect(fs.readFileSync(home.configFile).equals(before)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  }, 180_000)

  test('a config that a failed plan left cut: refusals name the plan that has it whole, and undo puts it back', async () => {
    await within(async home => {
      const before = fs.readFileSync(home.configFile)
      await home.run(['rotate', '--yes'], {STUB_WRITE: 'cut'})
      const {id, entries} = home.journals()[0] ?? {id: '', entries: []}
      const end = {...endEntry(entries), outcome: 'failed', changed: true}
      fs.appendFileSync(path.join(home.state, 'journals', `${id}.ndjson`), `${JSON.stringify(end)}\n`)
      fs.writeFileSync(home.configFile, before.subarray(0, 100))
      for (const fix of ['rotate', 'restart', 'verify']) {
        const refused = await home.run([fix, '--yes'])
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`gatecrab undo ${id}`)])
      }
      const undone = await home.run(['undo', id, '--yes'])
      expect([undone.code, undone.stderr]).toEqual([0, ''])
      expect(fs.readFileSync(home.configFile).equals(before)).toBe(true)
    })
  }, 180_000)

  test('kill -9 of the gateway while it is being given a new token', async () => {
    await within(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('it is being written', () => isWriting(home))
      await home.stopGateway('SIGKILL')
      home.release()
      const {code, entries} = await running
      expect(code).toBe(1)
      expect(home.token()).toBe(old)
      expect(endEntry(entries)).toMatchObject({outcome: 'failed', changed: false})
      expect(endEntry(entries)?.because).toContain('does not answer')
    })
  }, 90_000)

  test('kill -9 of the command line that follows changes nothing for the plan', async () => {
    await within(async home => {
      const child = home.start(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('it is being written', () => isWriting(home))
      child.kill('SIGKILL')
      home.release()
      await until('the plan has ended', () => endEntry(home.journals()[0]?.entries ?? []) !== null)
      expect(endEntry(home.journals()[0]?.entries ?? [])?.outcome).toBe('done')
      await agrees(home)
    })
  })

  test('a wrong port: nothing is begun, and that nobody answers is said', async () => {
    await within(async home => {
      const old = home.token()
      const {code, stderr} = await home.run(['rotate', '--yes', '--url', 'ws://127.0.0.1:9'])
      expect([code, stderr, home.token()]).toEqual([3, expect.stringContaining('No gateway answers on 127.0.0.1:9'), old])
      expect(home.journals()).toEqual([])
    })
  })
})

/** A rotation that must undo itself, as the gateway never takes the new token; with budgets that a test can wait for. */
const doomed = async (home: Home, port: number): Promise<Plan> => {
  const {stdout} = await home.run(['rotate', '--dry-run', '--json', '--url', `ws://127.0.0.1:${port}`])
  const {plan} = JSON.parse(stdout) as {plan: Plan}
  const steps = plan.steps.map(step =>
    step.act.do === 'wait-accepted' ? {...step, budgetMs: 700, act: {...step.act, budgetMs: 700}} : step,
  )
  return {...plan, steps}
}

const runDoomed = (home: Home, plan: Plan, more: Record<string, string>): Promise<Ended> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../fixtures/stubs/entry.ts'), 'run-plan'], {
    env: home.env(more),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin?.end(JSON.stringify(plan))
  return collected(child)
}

describe.concurrent('kill -9 of the runner while it undoes itself', () => {
  test.each(Array.from({length: 7}, (_, i) => i + 20))('after entry %i', async count => {
    await within(async home => {
      const old = home.token()
      const pinned = await startScripted(home.configFile, {follows: 'pinned'})
      const plan = await doomed(home, pinned.port)
      await runDoomed(home, plan, {GATECRAB_DIE_AFTER: String(count)})
      expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
      const {entries} = home.journals()[0] ?? {entries: []}
      const undoing = entriesOf(entries, 'step-started').some(({step}) => step === 'roll-back')
      expect(entries.length).toBe(count)
      expect((await next(home)).next?.do).toBe(undoing ? 'roll-back' : 'finish')
      if (undoing) {
        const continued = await home.run(['journals', '--continue', '--yes', '--json'], {HOME: '/nowhere'})
        expect([continued.code, home.token()]).toEqual([0, old])
        expect(home.journals().map(journal => endEntry(journal.entries)?.outcome)).toEqual(['undone', 'done'])
        expect(await askPort(pinned.port, old)).toBe(400)
      }
      await pinned.end()
    })
  })
})

/** The gateway is killed as each step of its rotation begins; whoever starts it again finds it in one state or the other. */
describe.concurrent('kill -9 of the gateway', () => {
  const steps = ['unchanged', 'command', 'accepted', 'back-up', 'try', 'write', 'wait', 'prove', 'health', 'devices'] as const

  test.each(steps)(
    'as the step %s begins',
    async step => {
      await within(async home => {
        const old = home.token()
        const {stdout} = await home.run(['rotate', '--dry-run', '--json'])
        const {plan} = JSON.parse(stdout) as {plan: Plan}
        const short = plan.steps.map(one =>
          one.act.do === 'wait-accepted' ? {...one, budgetMs: 900, act: {...one.act, budgetMs: 900}} : one,
        )
        const running = runDoomed(home, {...plan, steps: short}, {})
        await until(`the step ${step} begins`, () =>
          entriesOf(home.journals()[0]?.entries ?? [], 'step-started').some(one => one.step === step),
        )
        await home.stopGateway('SIGKILL')
        await running
        const entries = home.journals()[0]?.entries ?? []
        const end = endEntry(entries)
        expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
        expect(end).not.toBeNull()
        expect(end?.changed).toBe(home.token() !== old)
        const again = await startScripted(home.configFile)
        expect(await askPort(again.port, home.token())).toBe(400)
        await again.end()
      })
    },
    60_000,
  )
})

describe.concurrent('kill -9 of the runner while it gives the token to copies', () => {
  test.each([3, 6, 8, 9, 10, 11, 12, 14, 16, 18])('after entry %i', async count => {
    await within(async home => {
      const stale = '9'.repeat(48)
      const folder = path.join(home.home, 'gw')
      fs.mkdirSync(folder)
      const files = [path.join(home.stateDir, '.env'), path.join(folder, '.env')]
      for (const file of files) fs.writeFileSync(file, `OPENCLAW_GATEWAY_TOKEN=${stale}\n`, {mode: 0o600})
      fs.writeFileSync(path.join(folder, 'compose.yml'), 'services:\n  openclaw:\n    env_file: .env\n')
      const propagate = ['propagate', '--yes', '--compose', folder]
      await home.run(propagate, {GATECRAB_DIE_AFTER: String(count)})
      const holder = files.map(file => fs.readFileSync(file, 'utf8'))
      for (const text of holder)
        expect([`OPENCLAW_GATEWAY_TOKEN=${stale}\n`, `OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`]).toContain(text)
      expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      expect((await home.run(propagate)).code).toBe(0)
      for (const file of files) expect(fs.readFileSync(file, 'utf8')).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
      const left = [home.stateDir, folder].flatMap(one => fs.readdirSync(one)).filter(name => name.endsWith('.gatecrab'))
      expect(left).toEqual([])
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
    })
  })
})

describe.concurrent('kill -9 of the runner while it takes a rotation back', () => {
  test.each([3, 6, 9, 12, 14, 16, 18, 20, 22, 24, 26])('after entry %i', async count => {
    await within(async home => {
      const first = home.token()
      expect((await home.run(['rotate', '--yes'])).code).toBe(0)
      const second = home.token()
      const killed = await home.run(['undo', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      expect([first, second]).toContain(home.token())
      await agrees(home)
      if (!endEntry(killed.entries)) expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      expect([first, second]).toContain(home.token())
      await agrees(home)
      expect(await home.ask(home.token() === first ? second : first)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  })
})
