import {createHash} from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterEach, describe, expect, test} from 'vitest'
import {isCommandPaired} from '../../src/sources/devices/own-device.ts'
import {readDeviceStore} from '../../src/sources/devices/reader.ts'

const fixture = (name: string): string => path.join(import.meta.dirname, '../fixtures/devices', name)

const folders: string[] = []
const folder = (): string => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-devices-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) fs.rmSync(made, {recursive: true, force: true})
})

const secret = 'XNXYKe9qsVr4aTyEM7T-LHN4hVCkU3gRNiyLhB9pX2w'

const withDatabase = (stateDir: string): DatabaseSync => {
  fs.mkdirSync(path.join(stateDir, 'state'), {recursive: true})
  const db = new DatabaseSync(path.join(stateDir, 'state/openclaw.sqlite'))
  db.exec('PRAGMA journal_mode = WAL')
  db.exec(`CREATE TABLE device_pairing_pending (request_id TEXT, device_id TEXT, display_name TEXT, role TEXT, roles_json TEXT,
    scopes_json TEXT, remote_ip TEXT, is_repair INTEGER, ts INTEGER, refreshed_at_ms INTEGER)`)
  db.exec(`CREATE TABLE device_pairing_paired (device_id TEXT, display_name TEXT, operator_label TEXT, roles_json TEXT, scopes_json TEXT,
    approved_scopes_json TEXT, tokens_json TEXT, approved_via TEXT, created_at_ms INTEGER, approved_at_ms INTEGER, last_seen_at_ms INTEGER)`)
  db.exec(
    `INSERT INTO device_pairing_pending VALUES ('98aacda7', 'ab', 'Kate', 'operator', '["operator"]', '["operator.read"]', '203.0.113.9', 0, 1000, NULL)`,
  )
  db.exec(`INSERT INTO device_pairing_paired VALUES ('cd', 'Kate', 'Kitchen', '["operator"]', '["operator.read"]', '["operator.read"]',
    '{"operator":{"token":"${secret}","role":"operator","scopes":["operator.read"],"createdAtMs":5,"revokedAtMs":9}}', 'owner', 5, 5, 7)`)
  return db
}

describe('the devices that the gateway keeps', () => {
  test('are read from the database beside a running gateway, which stays as it was, and no token is among them', async () => {
    const stateDir = folder()
    const db = withDatabase(stateDir)
    const file = path.join(stateDir, 'state/openclaw.sqlite')
    const digest = () => [file, `${file}-wal`].map(name => createHash('sha256').update(fs.readFileSync(name)).digest('hex'))
    const before = digest()
    const {store, problem} = await readDeviceStore(stateDir, '2026.9.6')
    expect(problem).toBeNull()
    expect(store?.pending).toMatchObject([{requestId: '98aacda7', name: 'Kate', address: '203.0.113.9'}])
    expect(store?.paired).toMatchObject([{deviceId: 'cd', name: 'Kitchen', tokens: [{role: 'operator', revokedAt: 9}]}])
    expect(JSON.stringify(store)).not.toContain(secret)
    expect(digest()).toEqual(before)
    db.close()
  })

  test('of a release that keeps files are read from these, whatever lies in the tables beside them', async () => {
    const stateDir = folder()
    withDatabase(stateDir).close()
    fs.cpSync(fixture('2026.6.11'), stateDir, {recursive: true})
    const {store} = await readDeviceStore(stateDir, '2026.6.11')
    expect(store?.pending).toEqual([])
    expect(store?.paired).toMatchObject([{deviceId: 'de'.repeat(32), clientId: 'cli', scopes: ['operator.pairing']}])
    expect(JSON.stringify(store)).not.toMatch(/FAKE_/)
  })

  test('that cannot be read are not told as none', async () => {
    const stateDir = folder()
    fs.mkdirSync(path.join(stateDir, 'devices'))
    fs.writeFileSync(path.join(stateDir, 'devices/paired.json'), '{"de": {"dev')
    expect(await readDeviceStore(stateDir, '2026.6.11')).toMatchObject({
      store: null,
      problem: {because: 'it is half-written or damaged'},
    })
    expect(await readDeviceStore(path.join(stateDir, 'nowhere'), '2026.6.11')).toMatchObject({store: null})
    expect(await readDeviceStore(folder(), '2026.9.6')).toMatchObject({store: null})
    expect(await readDeviceStore(folder(), '2026.6.11')).toMatchObject({store: {pending: [], paired: []}})
  })
})

describe('the command line of this account', () => {
  test('is known to read already, or not', async () => {
    expect(await isCommandPaired(fixture('2026.6.11'), '2026.6.11')).toBe(false)
    expect(await isCommandPaired(fixture('read'), '2026.6.11')).toBe(true)
  })

  test('before 2026.4.15 reading is not enough: it asks to administer', async () => {
    expect(await isCommandPaired(fixture('read'), '2026.3.28')).toBe(false)
    expect(await isCommandPaired(fixture('read'), null)).toBe(false)
    expect(await isCommandPaired(fixture('nowhere'), '2026.9.6')).toBe(false)
  })
})
