import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {freshRefusal} from '../cli/refusal.ts'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {logOf} from './gateway-log.ts'
import {type Options, openScreen, type Screen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)

const tour = async (args: readonly string[], options: Options = {}): Promise<Screen> => {
  const screen = openScreen([...args, '--log', logOf('default-level').file], options)
  await screen.waitFor('token-missing')
  const steps: readonly [string, string][] = [
    ['2', 'OUTCOME'],
    ['3', 'LEVEL'],
    [digit('timeline'), 'WHAT'],
    ['?', 'any other key closes'],
    ['esc', 'WHAT'],
    [':', 'connections explain filter'],
    ['esc', 'enter lines'],
    ['1', 'STATE'],
    ['enter', 'esc goes back'],
    ['esc', 'STATE'],
    ['space', 'PAUSED'],
    ['f', 'does nothing here'],
  ]
  for (const [key, seen] of steps) {
    screen.press(key)
    await screen.waitFor(seen)
  }
  for (const line of ['/token-missing\r', ':nonsense\r', ':explain 1008\r']) screen.type(line)
  await screen.waitFor('closed-1008')
  return screen
}

/** The numbers of every attribute that was set. */
const attributes = (raw: string): number[] =>
  [...raw.matchAll(/\u001b\[([\d;:]*)m/g)].flatMap(([, list = '']) => list.split(/[;:]/).map(Number))

const isColour = (n: number): boolean => (n >= 30 && n <= 49 && n !== 39 && n !== 49) || (n >= 90 && n <= 107)

describe('without colours', () => {
  const wishes: readonly [string, string[], Options][] = [
    ['NO_COLOR=1', [], {env: {NO_COLOR: '1'}}],
    ['--no-color', ['--no-color'], {}],
    ['NO_COLOR=1 against FORCE_COLOR=3', [], {env: {NO_COLOR: '1', FORCE_COLOR: '3'}}],
  ]
  test.each(wishes)('%s sets none, and the words and signs are still there', async (_name, args, options) => {
    const screen = await tour(args, options)
    expect(attributes(screen.raw()).filter(isColour)).toEqual([])
    screen.press('esc', 'esc', 'space')
    await screen.waitFor(/● cli +127\.0\.0\.1 +token-missing \+6 +6 .*stuck/)
    expect(screen.chosenRow()).toContain('token-missing')
  })

  test('otherwise there are colours', async () => {
    const screen = await tour([])
    expect(attributes(screen.raw()).some(isColour)).toBe(true)
  })
})

test('--ascii paints nothing beyond ASCII', async () => {
  const screen = await tour(['--ascii'], {cols: 160})
  expect(screen.raw()).not.toMatch(/[^\u0000-\u007f]/)
  screen.press('esc', 'esc', 'space')
  await screen.waitFor(/^\* cli .* token-missing \+6 +6 .*stuck/m)
})

test('a terminal of a CI runner is a terminal, and a dumb one gets one look without control sequences', async () => {
  const inRunner = openScreen(['--log', logOf('default-level').file], {env: {CI: 'true', CONTINUOUS_INTEGRATION: '1'}})
  await inRunner.waitFor('token-missing')
  const dumb = openScreen(['--log', logOf('default-level').file], {env: {TERM: 'dumb'}})
  await dumb.waitForRaw('gatecrab, one look at')
  expect((await dumb.exited).exitCode).toBe(0)
  expect(dumb.raw()).not.toContain('\u001b')
})

test('check --watch tells a person in words, and with --json as a program is told', async () => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'gw.jsonl')
  const open = (...more: string[]): Screen => openScreen(['check', '--watch', '--log', file, ...more], {cols: 120})
  fs.writeFileSync(file, '')
  const screen = open()
  await screen.waitFor(/unknown|ok: gateway/)
  for (let n = 0; n < 8; n += 1) fs.appendFileSync(file, freshRefusal(n))
  await screen.waitFor(/^\d\d:\d\d:\d\d broken: gateway/m)
  await screen.waitFor(/^ {2}began: .* \[password-\w+\]$/m)
  await screen.waitFor(/^ {4}Do: /m)
  expect(screen.text()).not.toContain('{"event"')
  const other = open('--json')
  await other.waitFor('{"event":"began"')
})
