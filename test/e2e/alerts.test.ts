import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {writeProfiles} from '../../src/demo/demo.ts'
import {expireLogin} from '../fixtures/expire-login.ts'
import {withHome} from '../fixtures/stubs/home.ts'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {openScreen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)

/** A host whose gateway is down: its stores lie there all the same. */
const hostWithLogins = (): string => {
  const stateDir = temporaryFolder()
  fs.mkdirSync(path.join(stateDir, 'state'), {mode: 0o700})
  const config = {
    gateway: {port: 1, auth: {mode: 'token', token: 'x'}},
    agents: {defaults: {model: {primary: 'anthropic/claude-opus-4-5', fallbacks: ['xai/grok-4', 'openai/gpt-5']}}},
  }
  fs.writeFileSync(path.join(stateDir, 'openclaw.json'), JSON.stringify(config), {mode: 0o600})
  writeProfiles(stateDir, Date.now())
  return stateDir
}

const text = 'gatecrab: anthropic:manual (agent main) has ended'

test.each([
  ['bell', '\u0007'],
  ['title', `\u001b[22;2t\u001b]2;${text}\u0007`],
  ['osc9', `\u001b]9;${text}\u0007`],
])('a login that ends rings once, by %s', async (way, bytes) => {
  const stateDir = hostWithLogins()
  const screen = openScreen(['--state-dir', stateDir, '--alert', way])
  await screen.waitFor('Clients')
  screen.press(digit('profiles'))
  await screen.waitFor('anthropic:manual')
  const before = screen.raw()
  expect([before.includes(bytes), before.includes('\u001b]9;')]).toEqual([false, false])
  expireLogin(stateDir, 'anthropic:manual')
  await screen.waitFor('anthropic:manual (agent main) has ended')
  await screen.waitForRaw(bytes)
  expect(screen.raw().split(bytes)).toHaveLength(2)
  screen.press('q')
  await screen.exited
  expect(screen.raw().includes('\u001b[23;2t')).toBe(way === 'title')
})

test('--alert none says it on the screen alone', async () => {
  const stateDir = hostWithLogins()
  const screen = openScreen(['--state-dir', stateDir, '--alert', 'none'])
  await screen.waitFor('Clients')
  screen.press(digit('profiles'))
  await screen.waitFor('anthropic:manual')
  expireLogin(stateDir, 'anthropic:manual')
  await screen.waitFor('anthropic:manual (agent main) has ended')
  expect(screen.raw()).not.toContain('\u0007')
})

test('a gateway that dies rings once and runs the command of --on-change once, whose failure is told on the screen', async () => {
  await withHome(async home => {
    const events = path.join(home.home, 'events')
    const command = `printf '%s\\n' "$GATECRAB_EVENT" >>'${events}'; echo 'no route to the phone' >&2; exit 3`
    const screen = openScreen(['--state-dir', home.stateDir, '--config', home.configFile, '--on-change', command], {
      cols: 160,
      rows: 30,
    })
    await screen.waitFor('Each change from now on runs the command of --on-change')
    await home.stopGateway('SIGKILL')
    await screen.waitFor('it ended with 3: no route to the phone')
    expect(fs.readFileSync(events, 'utf8')).toBe('gateway-gone\n')
    expect(screen.raw().split('\u0007')).toHaveLength(2)
    screen.press('q')
    expect((await screen.exited).exitCode).toBe(0)
  })
})

test('another word is wrong usage', async () => {
  const screen = openScreen(['--state-dir', hostWithLogins(), '--alert', 'siren'])
  expect((await screen.exited).exitCode).toBe(64)
  expect(screen.raw()).toContain('Unknown --alert siren')
})

test('a store that is damaged under our eyes: a sentence, what was read last, no alarm; and it comes back', async () => {
  const stateDir = hostWithLogins()
  const store = path.join(stateDir, 'state/openclaw.sqlite')
  const screen = openScreen(['--state-dir', stateDir], {cols: 160, rows: 30})
  await screen.waitFor('Clients')
  screen.press(digit('profiles'))
  await screen.waitFor('anthropic:manual')
  const whole = fs.readFileSync(store)
  fs.writeFileSync(store, 'half a page of something else'.repeat(500))
  await screen.waitFor('not all of it')
  expect(screen.text()).toMatch(/! The profile store .*openclaw\.sqlite is half-written or damaged/)
  expect(screen.text()).toContain('anthropic:manual')
  screen.press('w')
  await screen.waitFor(/store of .* cannot be read|No such profile|half-written|cannot run now/)
  screen.press('esc')
  fs.writeFileSync(store, whole)
  await screen.waitForGone('not all of it')
  expect(screen.raw()).not.toContain('\u0007')
  screen.press('q')
  expect((await screen.exited).exitCode).toBe(0)
})
