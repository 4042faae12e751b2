import fs from 'node:fs'
import path from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {accountName} from '../../src/sources/account-names.ts'
import {scratchFolder} from '../stress/recorder.ts'

test('people of a Mac stand in no /etc/passwd, and id names them, asked once', () => {
  const folder = scratchFolder()
  fs.writeFileSync(path.join(folder, 'id'), `#!/bin/sh\necho "$*" >>'${folder}/asked'\n[ "$2" = 91501 ] && echo ops\n`, {
    mode: 0o755,
  })
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor
  vi.stubEnv('PATH', folder)
  onTestFinished(() => {
    Object.defineProperty(process, 'platform', platform)
    vi.unstubAllEnvs()
  })
  expect(accountName(0)).toBe('root')
  expect(accountName(91_500)).toBeNull()
  Object.defineProperty(process, 'platform', {...platform, value: 'darwin'})
  expect(accountName(91_501)).toBe('ops')
  expect(accountName(91_501)).toBe('ops')
  expect(accountName(91_502)).toBeNull()
  expect(accountName(91_502)).toBeNull()
  expect(fs.readFileSync(path.join(folder, 'asked'), 'utf8')).toBe('-un 91501\n-un 91502\n')
})
