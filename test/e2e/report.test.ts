import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {captured, now} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {sizes} from './sizes.ts'

beforeAll(built)

test.each(sizes)('e writes a report for its owner alone, and says where, at $cols x $rows', async size => {
  const log = logOf()
  log.write(now(captured('default-level')))
  const screen = openScreen(['--log', log.file], size)
  await screen.waitFor('the gateway has stopped')
  screen.press('e')
  await screen.waitFor(/Report in ~\/\.local\/state\/gatecrab\/reports\/\S+Z\.md/)
  const folder = path.join(screen.home, '.local/state/gatecrab/reports')
  const [name = ''] = fs.readdirSync(folder)
  const file = path.join(folder, name)
  expect([fs.statSync(folder).mode & 0o777, fs.statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
  const text = fs.readFileSync(file, 'utf8')
  expect(text).toMatch(/^# OpenClaw gateway: incident report\n/)
  expect(text).toContain('token-mismatch')
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\b[0-9a-f]{40,}\b/)
  screen.press(':')
  screen.type('report\r')
  await expect.poll(() => fs.readdirSync(folder).length).toBe(2)
})
