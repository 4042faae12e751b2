import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {startHome} from '../fixtures/stubs/home.ts'
import {writtenIn} from '../fixtures/stubs/leaks.ts'
import {built} from './built.ts'
import {openScreen} from './screen.ts'

beforeAll(built)

test('the token is handed to the clipboard on a key of its own, after a warning, and shown nowhere', async () => {
  const home = await startHome()
  onTestFinished(() => home.end())
  const screen = openScreen([], {env: home.env({TERM: 'xterm-256color'})})
  const handed = `\u001b]52;c;${Buffer.from(home.token()).toString('base64')}\u0007`
  await screen.waitFor(/token \w{4}…\w{4}/, 20_000)
  screen.press('Y')
  await screen.waitFor('Whoever has it has the gateway')
  screen.press('x')
  await screen.waitForGone('Whoever has it has the gateway')
  screen.press('Y')
  await screen.waitFor('enter copies it, any other key leaves')
  expect(screen.raw()).not.toContain(handed)
  screen.press('enter')
  await screen.waitForRaw(handed)
  await screen.waitFor(/\w{4}…\w{4} is on the clipboard of your terminal/)
  screen.press('q')
  await screen.exited
  expect(screen.raw().replaceAll(handed, '')).not.toContain(home.token())
  expect(writtenIn(home.home)).not.toContain(Buffer.from(home.token()).toString('base64'))
})
