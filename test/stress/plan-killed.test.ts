import {spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {writeProfiles} from '../../src/demo/demo.ts'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {loginRows} from '../../src/sources/plans/login-rows.ts'
import {bundle} from '../e2e/built.ts'
import {collected, type Ended, type Home, startHome} from '../fixtures/stubs/home.ts'

const newLogin = `sk-ant-oat01-FAKE${'Q'.repeat(86)}-BB`
const stale = '9'.repeat(48)
const login = 'anthropic:manual'

const run = (home: Home, args: readonly string[], more: Record<string, string>, stdin = ''): Promise<Ended> => {
  const child = spawn(process.execPath, [bundle, ...args], {cwd: home.home, env: home.env(more), stdio: ['pipe', 'pipe', 'pipe']})
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return collected(child)
}

const loginOf = async (home: Home): Promise<unknown> => {
  const rows = await loginRows({kind: 'sqlite', path: path.join(home.stateDir, 'state/openclaw.sqlite')})
  return rows?.get(login)?.['token']
}

/** What a plan may change: the token, a copy of it, and a login. */
const state = async (home: Home) => ({
  token: home.token(),
  copy: fs.readFileSync(path.join(home.stateDir, '.env'), 'utf8'),
  login: await loginOf(home),
})
type State = Awaited<ReturnType<typeof state>>

type Row = {
  plan: string
  args: readonly string[]
  stdin?: string
  /** Done before the plan that is killed. */
  first?: readonly string[]
  isNew: (now: State, before: State) => boolean
}

const isUnchanged = (): boolean => false

const rows: readonly Row[] = [
  {plan: 'rotate', args: ['rotate'], isNew: (now, before) => now.token !== before.token && now.copy === before.copy},
  {plan: 'undo', args: ['undo'], first: ['rotate'], isNew: (now, before) => now.token !== before.token},
  {plan: 'propagate', args: ['propagate'], isNew: now => now.copy.includes(now.token)},
  {plan: 'restart', args: ['restart'], isNew: isUnchanged},
  {plan: 'verify', args: ['verify'], isNew: isUnchanged},
  {plan: 'clean-up', args: ['clean-up'], first: ['rotate'], isNew: isUnchanged},
  {plan: 'renew', args: ['renew', login, '--expires-in', '30d'], stdin: `${newLogin}\n`, isNew: now => now.login === newLogin},
]

const prepared = async ({first}: Row): Promise<Home> => {
  const home = await startHome()
  writeProfiles(home.stateDir, Date.now())
  fs.writeFileSync(path.join(home.stateDir, '.env'), `OPENCLAW_GATEWAY_TOKEN=${stale}\n`, {mode: 0o600})
  if (first) expect((await home.run([...first, '--yes'])).code).toBe(0)
  return home
}

const untilAccepted = async (home: Home): Promise<void> => {
  await expect.poll(() => home.ask(home.token()), {timeout: 20_000}).toBe(400)
}

const isOneOf = (row: Row, now: State, before: State): boolean =>
  row.isNew(now, before) || JSON.stringify(now) === JSON.stringify(before)

/** Old or new is whole, the way on that is offered ends it, and the next plan can be made. */
const expectWhole = async (home: Home, row: Row, before: State): Promise<void> => {
  const now = await state(home)
  expect([row.plan, isOneOf(row, now, before), now.token.length]).toEqual([row.plan, true, 48])
  await untilAccepted(home)
  const continued = await home.run(['journals', '--continue', '--yes'])
  expect([row.plan, [0, 64].includes(continued.code ?? -1), continued.code === 0 ? '' : continued.stderr]).toEqual([
    row.plan,
    true,
    continued.code === 0 ? '' : expect.stringMatching(/no plan|nothing|not been cut off|ended/i),
  ])
  expect(isOneOf(row, await state(home), before)).toBe(true)
  await untilAccepted(home)
  // A command that the runner had started may outlive it, and the way on is open once that has ended.
  const isEnded = (): boolean => home.journals().every(({entries}) => endEntry(entries) !== null)
  if (!isEnded())
    await expect.poll(() => home.run(['journals', '--continue', '--yes']).then(isEnded), {timeout: 30_000}).toBe(true)
  expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
}

describe('kill -9 of the runner after each entry of its journal', () => {
  test.each(rows)('$plan', {timeout: 900_000}, async row => {
    let killed = 0
    for (let count = 1; ; count += 1) {
      const home = await prepared(row)
      try {
        const before = await state(home)
        const earlier = home.journals().map(({id}) => id)
        await run(home, [...row.args, '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)}, row.stdin)
        const journal = home.journals().find(({id}) => !earlier.includes(id))
        if (journal && endEntry(journal.entries) !== null) break
        killed += 1
        await expectWhole(home, row, before)
      } finally {
        await home.end()
      }
    }
    console.log(`${row.plan}: killed after each of ${killed} entries, whole each time`)
    expect(killed).toBeGreaterThan(2)
  })
})

/** The same moments for the same seed, so that what was found can be seen again. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

test('kill -9 of the runner of a rotation at twenty moments', {timeout: 900_000}, async () => {
  const [row] = rows
  if (!row) throw new Error('there is no plan to kill')
  const seed = Number(process.env['STRESS_SEED'] ?? 1)
  const draw = random(seed)
  let [killed, ended] = [0, 0]
  while (killed < 20 && ended < 40) {
    const home = await prepared(row)
    try {
      const before = await state(home)
      const running = run(home, ['rotate', '--yes', '--json'], {})
      const planned = () => entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]
      await expect.poll(planned, {timeout: 20_000, interval: 5}).toBeDefined()
      await new Promise(resolve => setTimeout(resolve, draw() * 1000))
      const runner = planned()?.runner.pid
      const isOver = endEntry(home.journals()[0]?.entries ?? []) !== null
      if (!isOver && runner !== undefined) process.kill(runner, 'SIGKILL')
      await running
      await expectWhole(home, row, before)
      if (isOver) ended += 1
      else killed += 1
    } finally {
      await home.end()
    }
  }
  console.log(`seed ${seed}: ${killed} killed, ${ended} had ended before; whole each time`)
  expect(killed).toBe(20)
})
