import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {readRestedConfig} from '../../src/sources/config-check.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-config-'))
  file = path.join(folder, 'openclaw.json')
})

afterEach(() => fs.rmSync(folder, {recursive: true}))

test('a config that is being written is not broken', async () => {
  fs.writeFileSync(file, '{"gateway": {')
  const reading = readRestedConfig(file)
  fs.appendFileSync(file, '"port": 1}}')
  expect(await reading).toMatchObject({isValid: true, fault: null})
})

test('one that stays so is, also where the clock of its file is ahead', async () => {
  fs.writeFileSync(file, '{"gateway": {')
  const soon = new Date(Date.now() + 60_000)
  fs.utimesSync(file, soon, soon)
  expect(await readRestedConfig(file)).toMatchObject({isValid: false})
  const now = new Date()
  fs.utimesSync(file, now, now)
  expect(await readRestedConfig(file)).toMatchObject({isValid: false, fault: {from: 'gateway'}})
})

test('none is no fault', async () => {
  expect(await readRestedConfig(file)).toBeNull()
})
