import path from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {built, fixtures} from './built.ts'
import {openScreen, type Screen} from './screen.ts'

beforeAll(built)

const file = path.join(fixtures, 'logs/2026.9.6/default-level.jsonl')

/** Seconds from the beginning, as the head of the screen says. */
const playedAt = (screen: Screen): number => {
  const [, minutes = '0', seconds = '0'] = /, (?:(\d+)m)?(?:(\d+)s)? of /.exec(screen.row(2)) ?? []
  return Number(minutes) * 60 + Number(seconds)
}

test('plays, is paused, hurried and sought, and stays at the end', async () => {
  const screen = openScreen(['replay', file], {cols: 100})
  await screen.waitFor('REPLAY')
  expect(screen.row(2)).toMatch(/playing ×1, \S+ of 1m06s/)
  await screen.waitFor('starting')
  await screen.waitFor(() => playedAt(screen) >= 1)
  expect(screen.row(2)).toContain('10:18:1')

  screen.press(']')
  await screen.waitFor('×2')
  screen.press('[', '[')
  await screen.waitFor('×0.5')
  screen.press('space')
  await screen.waitFor('paused ×0.5')
  const holder = playedAt(screen)
  screen.press('l')
  await screen.waitFor(() => playedAt(screen) === holder + 10)
  screen.press('l')
  await screen.waitFor('device-required')
  screen.press('h', 'h')
  await screen.waitFor(() => playedAt(screen) === holder)
  await screen.waitForGone('device-required')
  screen.press('L')
  await screen.waitFor(/1m06s of 1m06s/)
  await screen.waitFor('at the end')
  expect(screen.text()).toContain('stopped')
  screen.press('H')
  await screen.waitFor(() => playedAt(screen) === 0)
  screen.press('L')
  await screen.waitFor('stopped')
  screen.press('0')
  await screen.waitFor(/ 0s of 1m06s/)
  screen.press('q')
  expect((await screen.exited).exitCode).toBe(0)
})

test('goes to a time of day, and knows its whole timeline from the start', async () => {
  const screen = openScreen(['replay', file], {cols: 110})
  await screen.waitFor('REPLAY')
  expect(screen.text()).toContain('past logs: 2026-11-21, UTC')
  screen.press('space', '6')
  await screen.waitFor(/10:19:\d\d +stop/)
  screen.press(':')
  screen.type('at 10:18:40')
  screen.press('enter')
  await screen.waitFor('At 2026-11-21 10:18:40 UTC')
  expect(playedAt(screen)).toBeGreaterThan(25)
  screen.press('g', 'enter')
  await screen.waitFor(() => playedAt(screen) > 60)
  screen.press('0')
  await screen.waitFor(/ 0s of 1m06s/)
  screen.press('$')
  await screen.waitFor(/1m06s of 1m06s/)
})

test('says the zone, takes its times in it, and with --utc in UTC', async () => {
  const env = {TZ: 'Asia/Kolkata'}
  const local = openScreen(['replay', file, '--at', '15:48:40'], {cols: 110, env})
  await local.waitFor(/15:48:\d\d/)
  expect(local.text()).toContain('past logs: 2026-11-21, UTC+5:30')
  expect(playedAt(local)).toBeGreaterThan(25)
  const utc = openScreen(['replay', file, '--at', '10:18:40', '--utc'], {cols: 110, env})
  await utc.waitFor(/10:18:\d\d/)
  expect(utc.text()).toMatch(/past logs: 2026-11-21, UTC /)
  expect(playedAt(utc)).toBeGreaterThan(25)
})

test('runs to the end by itself, and begins where it is told', async () => {
  const screen = openScreen(['replay', file, '--speed', '60', '--at', '2026-11-21T10:18:40Z'], {cols: 100})
  await screen.waitFor('REPLAY')
  expect(playedAt(screen)).toBeGreaterThan(25)
  await screen.waitFor(/1m06s of 1m06s/)
  await screen.waitFor(/cli +127\.0\.0\.1 +(1008 )?token-missing \+6 +6/)
  await screen.waitFor('the gateway has stopped')
})

test('shows at once what had happened when it begins later', async () => {
  const screen = openScreen(['replay', file, '--at', '2026-11-21T10:18:40Z'], {cols: 100})
  await screen.waitFor('invalid-role')
  const began = playedAt(screen)
  expect(began).toBeGreaterThan(25)
  expect(began).toBeLessThan(40)
})

test('a time that is not in the logs is refused, with the time that they cover', async () => {
  const screen = openScreen(['replay', file, '--at', '2026-11-20T10:18:40Z'], {cols: 100})
  expect((await screen.exited).exitCode).toBe(64)
  expect(screen.text().split(/\s+/).join(' ')).toMatch(
    /--at is not within these logs: they go from 2026-11-21 10:18:\d\d UTC to 2026-11-21 10:19:16 UTC/,
  )
})
