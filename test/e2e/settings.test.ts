import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, test} from 'vitest'
import {built} from './built.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)

test('the screen says what is wrong in the config file, and has the filters that it names', async () => {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'gatecrab'))
  const file = path.join(folder, 'gatecrab/config.json5')
  fs.writeFileSync(file, "{\n  alert: 'loud',\n  filters: {mismatches: 'reason:token-mismatch'},\n}")
  fs.chmodSync(file, 0o600)
  const size = {cols: 220, rows: 24}
  const screen = openScreen(['--log', logOf('default-level').file], {...size, env: {XDG_CONFIG_HOME: folder}})
  await screen.waitFor(/Setting alert is left out \(.*config\.json5:2\)/)
  await screen.waitFor('token-missing')
  screen.type(':filter mismatches\r')
  await screen.waitFor(/^● control-ui .* token-mismatch/m)
  await screen.waitFor(/\b1\/2\b/)
  screen.press('q')
})

test('a filter that was saved on one screen is there on the next', async () => {
  const folder = temporaryFolder()
  const args = ['--log', logOf('default-level').file]
  const options = {cols: 220, rows: 24, env: {XDG_STATE_HOME: folder}}
  const first = openScreen(args, options)
  await first.waitFor('token-missing')
  first.type('/reason:token-mismatch\r')
  await first.waitFor('esc clears it')
  first.type(':filter save mismatches\r')
  await first.waitFor('Saved: :filter mismatches')
  first.press('q')
  await first.exited
  const second = openScreen(args, options)
  await second.waitFor('token-missing')
  second.type(':filter mismatches\r')
  await second.waitFor(/^● control-ui .* token-mismatch/m)
  await second.waitFor(/\b1\/2\b/)
  second.press('q')
})
