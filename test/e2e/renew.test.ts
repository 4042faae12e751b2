import {beforeAll, describe, expect, test} from 'vitest'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {openScreen, type Screen} from './screen.ts'
import {openShell} from './shell.ts'

beforeAll(built)

const token = `sk-ant-oat01-FAKE${'Q'.repeat(86)}-BB`

/** The Profiles panel of the demo, with the cursor on one of its logins. */
const onLogin = async (profileId: string, down: number): Promise<Screen> => {
  const screen = openScreen(['demo'], {cols: 120, rows: 40})
  await screen.waitFor('Clients')
  screen.press(digit('profiles'))
  await screen.waitFor('xai:default')
  screen.press(...Array<string>(down).fill('j'), 'enter')
  await screen.waitFor(`${profileId}: `)
  return screen
}

/** Neither the secret nor the ends of it that OpenClaw labels it with. */
const expectUnsaid = (screen: Screen): void => {
  expect(screen.raw()).not.toContain('QQQQ')
  expect(screen.raw()).not.toContain(token.slice(-8))
}

test('a token is pasted unseen, its plan is confirmed by a word, and the store proves it', async () => {
  const screen = await onLogin('anthropic:manual', 3)
  screen.press('w')
  await screen.waitFor('Paste the token, unseen')
  screen.paste(token)
  await screen.waitFor('•••••••••••• 106')
  screen.press('enter')
  await screen.waitFor('How long is it good for?')
  screen.press('enter')
  await screen.waitFor('Type renew')
  screen.type('renew\r')
  await screen.waitFor('Done in')
  expect(screen.text()).toContain('proved: anthropic:manual stands in the store as it was given')
  screen.press('enter')
  await screen.waitFor(/in 36[45]d.*anthropic:manual|anthropic:manual.*ok/)
  expectUnsaid(screen)
  screen.press('q')
  expect((await screen.exited).exitCode).toBe(0)
})

test('what cannot be the token goes no further, and escape leaves everything as it was', async () => {
  const screen = await onLogin('anthropic:manual', 3)
  screen.press('w')
  await screen.waitFor('Paste the token, unseen')
  screen.type('abc\r')
  await screen.waitFor('That is no token: this token begins with sk-ant-oat01-')
  screen.press('esc')
  await screen.waitFor('30 days |')
})

describe('a sign-in has the terminal', () => {
  const signingIn = async (screen: Screen): Promise<void> => {
    screen.press('w')
    await screen.waitFor('Type renew')
    screen.type('renew\r')
    await screen.waitFor('enter the code DEMO-1234')
    expect(screen.isAlternate()).toBe(false)
  }

  test('and gives it back', async () => {
    const screen = await onLogin('xai:default', 0)
    await signingIn(screen)
    screen.type('\r')
    await screen.waitFor('Done in')
    expect(screen.text()).toContain('proved: a new login for xai stands in the store')
    expect(screen.isAlternate()).toBe(true)
    screen.press('enter')
    await screen.waitFor(/✓ .*xai:default +main +oauth/)
    screen.press('?')
    await screen.waitFor('Clients: a row for each')
  })

  test('Ctrl-C ends it and not the screen; what it said stays until it was read', async () => {
    const screen = await onLogin('xai:default', 0)
    await signingIn(screen)
    screen.type('\u0003')
    await screen.waitFor('Press enter to go back to gatecrab.')
    screen.type('\r')
    await screen.waitFor('It failed.')
    expect(screen.text()).toContain('and was not finished')
    screen.press('enter')
    await screen.waitFor(/● .*xai:default +main +oauth/)
  })
})

test('Ctrl-Z in a sign-in stops all of it, and fg goes on where it was', async () => {
  const shell = await openShell()
  shell.type('gatecrab demo\r')
  await shell.waitFor('Clients')
  shell.press(digit('profiles'))
  await shell.waitFor('xai:default')
  shell.press('w')
  await shell.waitFor('Type renew')
  shell.type('renew\r')
  await shell.waitFor('enter the code DEMO-1234')
  shell.type('\u001a')
  await shell.waitFor(/\[1\]\+ +Stopped/)
  await shell.run('clear; echo "shell-"works')
  expect(shell.text()).toContain('shell-works')
  shell.type('fg\r')
  await shell.waitFor('gatecrab demo')
  shell.type('\r')
  await shell.waitFor(/Done\b/)
  shell.press('enter')
  await shell.waitFor('30 days |')
  shell.press('q')
  await shell.waitFor(/PROMPT> *$/m)
})
