import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {type Home, nodePath, withHome} from '../fixtures/stubs/home.ts'
import {sampleProcesses, writtenIn} from '../fixtures/stubs/leaks.ts'
import {atSource, type Source, sources} from '../fixtures/stubs/secret-sources.ts'

const steps = (home: Home): string[] => {
  const entries = home.journals().at(-1)?.entries ?? []
  return entriesOf(entries, 'step-started').map(({step}) => step)
}

describe.concurrent('rotate, where the secret stands elsewhere', () => {
  test.each(sources)('%s: replaced there, proved, and taken back, and the config stays', async source => {
    await withHome(async home => {
      const old = home.token()
      const read = await atSource(home, source)
      const config = fs.readFileSync(home.configFile, 'utf8')
      const sampling = sampleProcesses()
      const rotated = await home.run(['rotate', '--yes', '--json'])
      const fresh = read()
      expect([rotated.code, rotated.stderr, endEntry(rotated.entries)?.because]).toEqual([0, '', null])
      expect(fresh).toMatch(/^[0-9a-f]{48}$/)
      expect([await home.ask(fresh), await home.ask(old)]).toEqual([400, 401])
      if (source !== 'password') expect(steps(home)).toContain('reload')
      const undone = await home.run(['undo', '--yes'])
      expect([undone.code, undone.stderr, read()]).toEqual([0, '', old])
      expect([await home.ask(old), await home.ask(fresh)]).toEqual([400, 401])
      const {argv} = sampling.stop()
      const traces = [rotated.stdout, undone.stdout, argv, writtenIn(path.join(home.state, 'journals'))]
      expect(traces.filter(text => text.includes(old) || text.includes(fresh))).toEqual([])
      if (source !== 'password') expect(fs.readFileSync(home.configFile, 'utf8')).toBe(config)
    })
  })

  test.each(['store', 'password'] as const)('copies: the %s is asked about, and agrees', async source => {
    await withHome(async home => {
      await atSource(home, source)
      const {stdout, code} = await home.run(['copies', '--json'])
      const {enforced, copies} = JSON.parse(stdout) as {
        enforced: {by: string}
        copies: {place: string; key: string; verdict: string}[]
      }
      const own = copies
        .filter(({place}) => place === 'config' || place === 'secret-store')
        .map(({key, verdict}) => `${key} ${verdict}`)
      const expected = source === 'store' ? ['gateway.auth.token agrees', 'GW agrees'] : ['gateway.auth.password agrees']
      expect([code, enforced.by, own]).toEqual([0, 'oracle', expected])
    })
  })

  test('a variable of .env: the service manager is asked for a new process, and without one a person is', async () => {
    await withHome(async home => {
      await atSource(home, 'variable')
      const alone = await home.run(['rotate', '--dry-run'])
      expect([alone.code, alone.stderr]).toEqual([0, ''])
      expect(alone.stdout).toContain(`MY_GW in ${path.join(home.stateDir, '.env')}`)
      expect(alone.stdout).toContain('Restart the gateway now, in another terminal')
      const units = path.join(home.home, '.config/systemd/user')
      fs.mkdirSync(units, {recursive: true})
      const unit = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/copies/2026.6.11.unit'), 'utf8')
      fs.writeFileSync(
        path.join(units, 'openclaw-gateway.service'),
        unit.replace(/(--port |GATEWAY_PORT=)\d+/g, `$1${home.port}`),
      )
      const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
      const more = {STUB_SYSTEMD_PID: String(home.pid()), PATH: `${services}:${nodePath()}`}
      const managed = await home.run(['rotate', '--dry-run'], more)
      expect(managed.stdout).toContain('systemctl --user restart openclaw-gateway.service')
      expect(managed.stdout).not.toContain('gateway restart --json')
    })
  })

  test('a file that others can read is left alone, and what helps is named', async () => {
    await withHome(async home => {
      const read = await atSource(home, 'file' satisfies Source)
      const old = read()
      fs.chmodSync(path.join(home.home, 'gw.txt'), 0o644)
      const {code, stderr} = await home.run(['rotate', '--yes'])
      expect([code, read()]).toEqual([1, old])
      expect(stderr).toContain('chmod 600')
    })
  })

  test('a store whose command says done and does nothing: nothing was changed, and that is said', async () => {
    await withHome(async home => {
      const read = await atSource(home, 'store')
      const old = read()
      const {code, entries} = await home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'nothing'})
      expect([code, read(), await home.ask(old)]).toEqual([1, old, 400])
      expect(endEntry(entries)).toMatchObject({outcome: 'failed'})
    })
  })

  test('a value of the store that cannot be read is refused, with the command that sets it', async () => {
    await withHome(async home => {
      await atSource(home, 'store')
      const db = new DatabaseSync(path.join(home.stateDir, 'state/openclaw.sqlite'))
      db.exec('ALTER TABLE secret_store_entries RENAME COLUMN value TO sealed')
      db.close()
      const {code, stderr} = await home.run(['rotate', '--yes'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('openclaw secrets store set GW')])
    })
  })
})
