import {describe, expect, test} from 'vitest'
import {endEntry} from '../../../src/domain/plans/journal.ts'
import {withHome} from '../../fixtures/stubs/home.ts'
import {atSource} from '../../fixtures/stubs/secret-sources.ts'

/** The write, the reload and the proof; a password is written as a token is, which has a table of its own. */
const entries: Readonly<Record<'file' | 'store' | 'password', readonly number[]>> = {
  file: [11, 13, 14, 15, 16, 17, 18],
  store: [11, 13, 14, 15, 16, 17, 18],
  password: [14, 16],
}
const cases = (Object.keys(entries) as (keyof typeof entries)[]).flatMap(source =>
  entries[source].map(count => [source, count] as const),
)

describe.concurrent('kill -9 of the runner while it replaces a secret that stands elsewhere', () => {
  test.each(cases)('%s, after entry %i', async (source, count) => {
    await withHome(async home => {
      const old = home.token()
      const read = await atSource(home, source)
      const killed = await home.run(['rotate', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
      const between = read()
      expect(between === old || /^[0-9a-f]{48}$/.test(between)).toBe(true)
      if (!endEntry(killed.entries)) {
        const continued = await home.run(['journals', '--continue', '--yes'])
        expect([continued.code, continued.stderr]).toEqual([0, ''])
      }
      expect([read(), await home.ask(between)]).toEqual([between, 400])
      if (between !== old) expect(await home.ask(old)).toBe(401)
      expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  })
})

describe.concurrent('kill -9 of the runner while it takes that back', () => {
  test.each((['file', 'store'] as const).flatMap(source => [13, 16, 18].map(count => [source, count] as const)))(
    '%s, after entry %i',
    async (source, count) => {
      await withHome(async home => {
        const first = home.token()
        const read = await atSource(home, source)
        expect((await home.run(['rotate', '--yes'])).code).toBe(0)
        const second = read()
        const killed = await home.run(['undo', '--yes', '--json'], {GATECRAB_DIE_AFTER: String(count)})
        expect([first, second]).toContain(read())
        if (!endEntry(killed.entries)) expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
        const now = read()
        expect([await home.ask(now), await home.ask(now === first ? second : first)]).toEqual([400, 401])
        expect(home.journals().every(journal => endEntry(journal.entries) !== null)).toBe(true)
      })
    },
  )
})
