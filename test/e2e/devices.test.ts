import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {openScreen} from './screen.ts'

beforeAll(built)

test.each([
  [80, 24],
  [160, 50],
])('in the demo at %i x %i a phone waits, is approved by a plan, and is in', async (cols, rows) => {
  const screen = openScreen(['demo'], {cols, rows})
  await screen.waitFor(/1 Clients/)
  screen.press(digit('devices'))
  await screen.waitFor(/waiting +Kate's phone/, 30_000)
  expect(screen.text()).toMatch(/stale +old tablet/)
  screen.press('a')
  await screen.waitFor('Type approve and enter to run it', 30_000)
  screen.type('approve\r')
  await screen.waitFor(/^Done\b/m, 60_000)
  screen.press('esc')
  await screen.waitFor(/connected +Kate's phone/, 30_000)
  screen.press('q')
  expect((await screen.exited).exitCode).toBe(0)
})
