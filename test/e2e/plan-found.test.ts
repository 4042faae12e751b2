import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {type Home, startHome} from '../fixtures/stubs/home.ts'
import {built} from './built.ts'
import {openScreen, type Screen} from './screen.ts'

beforeAll(built)

const homeHere = async (): Promise<Home> => {
  const home = await startHome()
  onTestFinished(() => home.end())
  return home
}

const screenIn = (home: Home, more: Record<string, string> = {}, flags: readonly string[] = []): Screen =>
  openScreen(flags, {env: home.env({TERM: 'xterm-256color', ...more})})

/** The number of entries after which a rotation has written the token and not yet proved it. */
const written = 21
const begun = 4

test('a rotation that was cut off is offered its one way on, which is run with one word', async () => {
  const home = await homeHere()
  const old = home.token()
  await home.run(['rotate', '--yes'], {GATECRAB_DIE_AFTER: String(written)})
  expect(home.token()).not.toBe(old)
  const screen = screenIn(home)
  await screen.waitFor(/Finish the interrupted rotate \S+/, 20_000)
  expect(screen.text()).toContain('It was cut off after the token was written and before it was proved.')
  screen.type('finish\r')
  await screen.waitFor(/^Done\b/m, 20_000)
  expect(home.journals().every(({entries}) => endEntry(entries) !== null)).toBe(true)
  expect([await home.ask(home.token()), await home.ask(old)]).toEqual([400, 401])
  screen.press('b')
  await screen.waitFor(/new token at \d\d:\d\d:\d\d/)
})

test('one that had changed nothing is closed with enter, and what it left unfinished is gone', async () => {
  const home = await homeHere()
  const old = home.token()
  await home.run(['rotate', '--yes'], {GATECRAB_DIE_AFTER: String(begun)})
  const left = path.join(home.stateDir, '.openclaw.json.4194300-0123abcd.gatecrab')
  fs.writeFileSync(left, 'half of it', {mode: 0o600})
  const shown = screenIn(home, {}, ['--readonly'])
  await shown.waitFor(/Close rotate \S+/, 20_000)
  shown.press('enter')
  await shown.waitFor('--readonly shows plans and runs none')
  expect(fs.existsSync(left)).toBe(true)
  shown.press('esc', 'q')
  await shown.exited
  const screen = screenIn(home)
  await screen.waitFor(/Close rotate \S+/, 20_000)
  screen.press('enter')
  await screen.waitFor(/^Done\b/m, 20_000)
  expect([fs.existsSync(left), home.token()]).toEqual([false, old])
  expect(home.journals().map(({entries}) => endEntry(entries)?.outcome)).toEqual(['failed', 'done'])
})

test('one that runs on without its screen is seen again by the next, and how it ended by the one after', async () => {
  const home = await homeHere()
  const screen = screenIn(home, {STUB_WRITE: 'waits'})
  await screen.waitFor(/token \w{4}…\w{4}/, 20_000)
  screen.press('t')
  await screen.waitFor('Type rotate and enter to run it', 20_000)
  screen.type('rotate\r')
  await screen.waitFor(/▸ Write it with the command of OpenClaw/, 20_000)
  screen.kill('SIGKILL')
  await screen.exited
  const next = screenIn(home)
  await next.waitFor('it runs in a process of its own', 20_000)
  home.release()
  await next.waitFor(/^Done\b/m, 30_000)
  expect(entriesOf(home.journals()[0]?.entries ?? [], 'ended')).toMatchObject([{outcome: 'done'}])
  next.press('esc', 'q')
  await next.exited
  const last = screenIn(home)
  await last.waitFor(/rotate of \d\d:\d\d:\d\d is done; gatecrab journals tells how/, 20_000)
})

test('what was put aside at the start is offered again where another plan is asked for, and :journals tells of it', async () => {
  const home = await homeHere()
  await home.run(['rotate', '--yes'], {GATECRAB_DIE_AFTER: String(written)})
  const screen = screenIn(home)
  await screen.waitFor(/Finish the interrupted rotate \S+/, 20_000)
  screen.press('esc')
  await screen.waitFor(/token \w{4}…\w{4}/, 20_000)
  screen.type(':journals\r')
  await screen.waitFor(/-rotate +CUT OFF/)
  screen.press('esc')
  await screen.waitForGone(/CUT OFF/)
  screen.press('p')
  await screen.waitFor(/Finish the interrupted rotate \S+/, 20_000)
})
