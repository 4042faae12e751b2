import fs from 'node:fs'
import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {openScreen, type Screen} from './screen.ts'

beforeAll(built)

const folders = (screen: Screen): string[] => fs.readdirSync(screen.home).filter(name => name.startsWith('gatecrab-demo-'))

test('the demo is labelled, a storm appears, and quitting leaves nothing', async () => {
  const screen = openScreen(['demo'])
  await screen.waitFor(/^gatecrab {2}DEMO /m)
  await screen.waitFor(/▲ .*\bstorm \d+\/[sm]/, 30_000)
  await screen.waitFor(/^WHY {2}\S/m)
  expect(folders(screen)).toHaveLength(1)
  screen.press('q')
  expect((await screen.exited).exitCode).toBe(0)
  expect(folders(screen)).toEqual([])
})

test('a token that is replaced in the demo is no history of the real gateway', async () => {
  const screen = openScreen(['demo'])
  // The fingerprint is there once the copies of the token have been read, from which a plan is made.
  await screen.waitFor(/^gatecrab {2}DEMO .* token [0-9a-f]{4}…/m)
  screen.press('t')
  await screen.waitFor('Type rotate and enter')
  screen.type('rotate\r')
  await screen.waitFor(/^Done in /m, 60_000)
  screen.press('esc', 'q')
  expect((await screen.exited).exitCode).toBe(0)
  expect(fs.readdirSync(screen.home, {recursive: true}).filter(name => /rotate/.test(String(name)))).toEqual([])
})

test.each(['SIGHUP', 'SIGTERM'] as const)('%s leaves nothing either', async signal => {
  const screen = openScreen(['demo'])
  await screen.waitFor(/^gatecrab {2}DEMO /m)
  expect(folders(screen)).toHaveLength(1)
  screen.kill(signal)
  expect((await screen.exited).exitCode).toBe(130)
  expect(folders(screen)).toEqual([])
})

test('a host without a gateway gets the demo, and is told so', async () => {
  const screen = openScreen(['--profile', 'nobody-has-this'])
  await screen.waitFor('No gateway found: a demo. Yours: --config, --url, --log')
  await screen.waitFor(/^gatecrab {2}DEMO /m)
  screen.type('3')
  await screen.waitFor(/3 Log[\s\S]*No gateway found: a demo\. Yours: --config, --url, --log .*\d+\/\d+$/m)
})
