import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {isSince} from '../../src/domain/release.ts'
import {releases} from '../domain/token-copies.ts'
import {type Home, nodePath, withHome} from '../fixtures/stubs/home.ts'

const services = path.join(import.meta.dirname, '../fixtures/stubs/services')
const units = path.join(import.meta.dirname, '../fixtures/copies')

const version = '--version'
const file = 'config file'
const patch = 'config patch --stdin'
const health = 'gateway health --json'
const devices = 'devices list --json'
const install = 'gateway install --force --json'

/**
 * What a release is called with, each time it is called; the batch file lies in the folder of the plan. Up to 2026.7 a command that signs in
 * would pair itself; `config file` came with 2026.3.
 */
const calls: Readonly<Record<string, readonly string[]>> = {
  '2026.1.29': [version],
  '2026.2.6-3': [version],
  '2026.2.26': [version],
  '2026.3.13': [version, file],
  '2026.4.15': [version, file, 'config set --batch-file BATCH'],
  '2026.5.28': [version, file, `${patch} --dry-run`, patch],
  '2026.6.11': [version, file, `${patch} --dry-run`, patch],
  '2026.7.35': [version, file, `${patch} --dry-run`, patch, health, devices],
  '2026.8.2': [version, file, `${patch} --dry-run`, patch, health, devices],
  '2026.9.6': [version, file, `${patch} --dry-run`, patch, health, devices],
}

const called = (home: Home): string[] => home.calls().map(({args}) => args.join(' ').replace(/\S+\/batch\.json/, 'BATCH'))

describe.concurrent('a rotation, whole, by release', () => {
  test.each(releases)('%s in a terminal: the calls, and the one string in the config', async release => {
    await withHome(async home => {
      const [old, before] = [home.token(), JSON.parse(fs.readFileSync(home.configFile, 'utf8'))]
      const {code, stderr, entries} = await home.run(['rotate', '--yes', '--json'], {STUB_RELEASE: release})
      expect([code, stderr, endEntry(entries)?.outcome]).toEqual([0, '', 'done'])
      expect(called(home)).toEqual(calls[release])
      expect(home.calls().flatMap(({stray}) => stray)).toEqual([])
      const after = JSON.parse(fs.readFileSync(home.configFile, 'utf8'))
      expect({...after, meta: before.meta, gateway: {...after.gateway, auth: {...after.gateway.auth, token: old}}}).toEqual(
        before,
      )
      expect([await home.ask(home.token()), await home.ask(old)]).toEqual([400, 401])
      const batches = fs.readdirSync(path.join(home.state, 'backups'), {recursive: true, encoding: 'utf8'})
      expect(batches.filter(name => name.endsWith('batch.json'))).toEqual([])
    })
  })

  test.each(['2026.1.29', '2026.2.26', '2026.3.13', '2026.6.11'])(
    '%s under systemd: installed again where its unit holds a copy',
    async release => {
      await withHome(async home => {
        const folder = path.join(home.home, '.config/systemd/user')
        fs.mkdirSync(folder, {recursive: true})
        const captured = fs.readFileSync(path.join(units, `${release}.unit`), 'utf8')
        const unit = captured.replace(/(--port |GATEWAY_PORT=)\d+/g, `$1${home.port}`)
        fs.writeFileSync(path.join(folder, 'openclaw-gateway.service'), unit)
        const more = {STUB_RELEASE: release, STUB_SYSTEMD_PID: String(home.pid()), PATH: `${services}:${nodePath()}`}
        const {code, entries} = await home.run(['rotate', '--yes', '--json'], more)
        expect([code, endEntry(entries)?.outcome]).toEqual([0, 'done'])
        const query = calls[release] ?? []
        const holds = !isSince(release, '2026.3.0')
        expect(called(home)).toEqual(holds ? [...query.slice(0, 1), install, ...query.slice(1)] : query)
        expect(entriesOf(entries, 'step-started').some(({step}) => step === 'reinstall')).toBe(holds)
        const asked = fs
          .readFileSync(home.log, 'utf8')
          .split('\n')
          .filter(line => line.startsWith('systemctl'))
        expect(asked.every(line => /^systemctl (?:--user )?(?:cat|show) /.test(line))).toBe(true)
      })
    },
  )
})
