import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {endEntry} from '../../../src/domain/plans/journal.ts'
import {withHome} from '../../fixtures/stubs/home.ts'

describe.concurrent('kill -9 of the runner while it gives the token to copies', () => {
  test.each([3, 6, 8, 9, 10, 11, 12, 14, 16, 18])('after entry %i', async count => {
    await withHome(async home => {
      const stale = '9'.repeat(48)
      const folder = path.join(home.home, 'gw')
      fs.mkdirSync(folder)
      const files = [path.join(home.stateDir, '.env'), path.join(folder, '.env')]
      for (const file of files) fs.writeFileSync(file, `OPENCLAW_GATEWAY_TOKEN=${stale}\n`, {mode: 0o600})
      fs.writeFileSync(path.join(folder, 'compose.yml'), 'services:\n  openclaw:\n    env_file: .env\n')
      const propagate = ['propagate', '--yes', '--compose', folder]
      await home.run(propagate, {GATECRAB_DIE_AFTER: String(count)})
      const holder = files.map(file => fs.readFileSync(file, 'utf8'))
      for (const text of holder)
        expect([`OPENCLAW_GATEWAY_TOKEN=${stale}\n`, `OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`]).toContain(text)
      expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      expect((await home.run(propagate)).code).toBe(0)
      for (const file of files) expect(fs.readFileSync(file, 'utf8')).toBe(`OPENCLAW_GATEWAY_TOKEN=${home.token()}\n`)
      const left = [home.stateDir, folder].flatMap(one => fs.readdirSync(one)).filter(name => name.endsWith('.gatecrab'))
      expect(left).toEqual([])
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
    })
  })
})
