import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'

beforeAll(built)

/** What two screens have in common, though one was read some seconds later: the bars have moved on, and a line may break elsewhere. */
const timeless = (screen: string): string =>
  screen
    .replace(/\b\d+s ago\b|\bnow\b|\d\d:\d\d(?::\d\d)?|(?<=refused\/5m)[ ▁-█]+/g, '#')
    .replace(/\s+/g, ' ')
    .trim()

test('after each resize the screen is as one that was opened at that size', async () => {
  const {file} = logOf('token-rotation')
  const args = ['replay', file, '--speed', '100000']
  const screen = openScreen(args)
  await screen.waitFor('stopped')
  for (const [cols, rows] of [
    [40, 12],
    [100, 30],
    [200, 60],
    [80, 24],
  ] as const) {
    const fresh = openScreen(args, {cols, rows})
    await fresh.waitFor('stopped')
    screen.resize(cols, rows)
    await screen.waitFor(text => timeless(text) === timeless(fresh.text()))
    expect(screen.rows()).toHaveLength(rows)
  }
})

test('a screen that is too small says what it needs, and comes back', async () => {
  const screen = openScreen(['--log', logOf('default-level').file])
  await screen.waitFor('token-missing')
  await screen.waitFor('i: 1 problem')
  await screen.waitFor('counts since')
  const before = timeless(screen.text())
  screen.resize(30, 8)
  await screen.waitFor('too small: 30x8, needs 40x10')
  expect(screen.rows().filter(row => row.trim() !== '')).toHaveLength(1)
  screen.press('2')
  screen.resize(80, 24)
  await screen.waitFor('OUTCOME')
  screen.press('1')
  await screen.waitFor(text => timeless(text) === before)
})

test('Ctrl-L mends what somebody else wrote over the screen', async () => {
  const screen = openScreen(['--log', logOf('default-level').file])
  await screen.waitFor('token-missing')
  await screen.waitFor('i: 1 problem')
  await screen.waitFor('counts since')
  const before = timeless(screen.text())
  await screen.scribble('\u001b[9;20HBROADCAST\u001b[2;1Hmessage from root\u001b[24;1H')
  expect(screen.text()).toContain('BROADCAST')
  screen.press('ctrl+l')
  await screen.waitForGone('BROADCAST')
  await screen.waitFor(text => timeless(text) === before)
})
