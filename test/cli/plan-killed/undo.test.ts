import {describe, expect, test} from 'vitest'
import {endEntry} from '../../../src/domain/plans/journal.ts'
import {withHome} from '../../fixtures/stubs/home.ts'
import {agrees} from './killed.ts'

describe.concurrent('kill -9 of the runner while it takes a rotation back', () => {
  test.each([3, 6, 9, 12, 14, 16, 18, 20, 22, 24, 26])('after entry %i', async count => {
    await withHome(async home => {
      const first = home.token()
      expect((await home.run(['rotate', '--yes'])).code).toBe(0)
      const second = home.token()
      const killed = await home.run(['undo', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      expect([first, second]).toContain(home.token())
      await agrees(home)
      if (!endEntry(killed.entries)) expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      expect([first, second]).toContain(home.token())
      await agrees(home)
      expect(await home.ask(home.token() === first ? second : first)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  })
})
