import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {built, fixtures} from './built.ts'
import {captured, now, recent} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {openShell} from './shell.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)

test('a log by pipe is read on, and the keys come from the terminal', async () => {
  const shell = await openShell()
  const file = path.join(temporaryFolder(), 'console.log')
  const lines = fs.readFileSync(path.join(fixtures, 'logs/2026.9.6/default-level.console.log'), 'utf8').split('\n')
  fs.writeFileSync(file, `${lines.slice(0, 30).join('\n')}\n`)
  shell.type(`tail -n +1 -f ${file} | gatecrab --log -; echo "codes="\${PIPESTATUS[1]}\r`)
  await shell.waitFor('device-required')
  await shell.waitFor('standard input')
  fs.appendFileSync(file, `${lines.slice(30).join('\n')}\n`)
  await shell.waitFor('token-missing')
  shell.press('2')
  await shell.waitFor('OUTCOME')
  shell.type('jj')
  await shell.waitFor(() => shell.rows().indexOf(shell.chosenRow() ?? 'none') === 6)
  shell.press('q')
  await shell.waitFor('codes=0')
  expect(shell.isAlternate()).toBe(false)
  expect(await shell.isCooked()).toBe(true)
})

test('a pipe that ends says so and leaves the screen up', async () => {
  const shell = await openShell()
  shell.type(`cat ${logOf('default-level').file} | gatecrab --log -\r`)
  await shell.waitFor(/standard input last line .* ended/)
  shell.press('3')
  await shell.waitFor('LEVEL')
})

test('a log that is not there yet is waited for', async () => {
  const file = path.join(temporaryFolder(), 'gateway.jsonl')
  const screen = openScreen(['--log', file])
  await screen.waitFor('does not exist yet; waiting for it')
  await screen.waitFor('no log can be read')
  fs.writeFileSync(file, `${now(captured('default-level').slice(0, 20)).join('\n')}\n`)
  await screen.waitFor('last line')
  await screen.waitForGone('no log can be read')
  fs.appendFileSync(file, `${recent(captured('default-level')).slice(20).join('\n')}\n`)
  await screen.waitFor('token-missing')
})

const isRoot = process.getuid?.() === 0

test.skipIf(isRoot)('a log that may not be read says why, and is read once it may', async () => {
  const log = logOf('default-level')
  fs.chmodSync(log.file, 0)
  const screen = openScreen(['--log', log.file], {cols: 120})
  await screen.waitFor('this user may not read it')
  fs.chmodSync(log.file, 0o600)
  await screen.waitFor('token-missing')
})
