import fs from 'node:fs'
import {describe, expect, test} from 'vitest'
import {endEntry} from '../../../src/domain/plans/journal.ts'
import {withHome} from '../../fixtures/stubs/home.ts'
import {agrees, isWhole, next} from './killed.ts'

/** As many as a rotation writes before its last one, which says that it ended; a quick gateway makes it say one less. */
const entries = 38

test('a rotation has no more entries than those after which it is killed', async () => {
  await withHome(async home => {
    const whole = await home.run(['rotate', '--yes', '--json'])
    const ended = whole.entries.findIndex(({kind}) => kind === 'ended')
    expect([entries - 1, entries]).toContain(ended)
  })
})

describe.concurrent('kill -9 of the runner', () => {
  test.each(Array.from({length: entries}, (_, i) => i + 1))('after entry %i', async count => {
    await withHome(async home => {
      const old = home.token()
      const killed = await home.run(['rotate', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
      await agrees(home)
      if (endEntry(killed.entries)) {
        expect(killed.entries.length).toBeLessThanOrEqual(count)
        return
      }
      expect(killed.code).toBe(1)
      expect(killed.entries.length).toBe(count)
      const wrote = home.token() !== old
      expect((await next(home)).next?.do).toBe(wrote ? 'finish' : 'close')
      const continued = await home.run(['journals', '--continue', '--yes', '--json'])
      expect([continued.code, continued.stderr]).toEqual([0, ''])
      expect(home.token() !== old).toBe(wrote)
      await agrees(home)
      if (wrote) expect(await home.ask(old)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  })
})
