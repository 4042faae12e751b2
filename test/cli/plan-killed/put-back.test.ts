import fs from 'node:fs'
import {describe, expect, test} from 'vitest'
import {endEntry} from '../../../src/domain/plans/journal.ts'
import {withHome} from '../../fixtures/stubs/home.ts'
import {agrees, until} from './killed.ts'

describe.concurrent('kill -9 of the runner while it puts back the token of a backup', () => {
  const newer = 'e'.repeat(48)

  test.each([3, 9, 14, 18, 20, 22, 26])('after entry %i, where another token is in force', async count => {
    await withHome(async home => {
      const old = home.token()
      fs.copyFileSync(home.configFile, `${home.configFile}.bak`)
      fs.writeFileSync(home.configFile, fs.readFileSync(home.configFile, 'utf8').replace(old, newer))
      await agrees(home)
      const killed = await home.run(['put-back', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      expect([old, newer]).toContain(home.token())
      await agrees(home)
      if (!endEntry(killed.entries)) expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      await agrees(home)
      expect(await home.ask(home.token() === old ? newer : old)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
    })
  })

  test.each([3, 9, 11, 12, 14, 16, 18])('after entry %i, where gateway.auth vanished', async count => {
    await withHome(async home => {
      const old = home.token()
      const before = fs.readFileSync(home.configFile, 'utf8')
      fs.writeFileSync(`${home.configFile}.bak`, before, {mode: 0o600})
      const {auth: _, ...gateway} = (JSON.parse(before) as {gateway: {auth: unknown}}).gateway
      const without = JSON.stringify({...(JSON.parse(before) as object), gateway})
      fs.writeFileSync(home.configFile, without)
      await until('the gateway takes it no more', async () => (await home.ask(old)) === 401)
      const killed = await home.run(['put-back', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      const holds = (): boolean => fs.readFileSync(home.configFile, 'utf8') !== without
      if (holds()) await agrees(home)
      if (!endEntry(killed.entries)) {
        const continued = await home.run(['journals', '--continue', '--yes'])
        expect([continued.code, continued.stderr]).toEqual([0, ''])
      }
      if (holds()) expect([home.token(), await home.ask(old)]).toEqual([old, 400])
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['put-back', '--dry-run'])).code).toBe(holds() ? 1 : 0)
    })
  })
})
