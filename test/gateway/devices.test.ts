import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {pendingIn, readDeviceList, rowOfDatabase, rowsOfFile} from '../../src/gateway/devices/store.ts'

const captured = (name: string): string =>
  fs.readFileSync(path.join(import.meta.dirname, '../fixtures/stubs/captures', `${name}.json`), 'utf8')

describe('the devices that `openclaw devices list` prints', () => {
  test('are read without a token or a key', () => {
    const list = readDeviceList(captured('2026.9.6-devices-list'))
    expect(list?.pending).toEqual([])
    expect(list?.paired).toMatchObject([
      {deviceId: 'de'.repeat(32), name: null, clientId: 'cli', roles: ['operator'], scopes: ['operator.read'], connected: false},
    ])
    expect(JSON.stringify(list)).not.toContain('FAKE_PUBLIC_KEY')
  })

  test('a complaint instead of a list is no empty list', () => {
    expect(readDeviceList('{"ok": false, "error": {"message": "Gateway not reachable"}}')).toBeNull()
    expect(readDeviceList('')).toBeNull()
  })
})

describe('a stored request', () => {
  const row = {
    request_id: '98aacda7-db11-49bf-834a-ba29d0122a41',
    device_id: 'ab'.repeat(32),
    display_name: 'Kate\u001b[31m',
    role: 'operator',
    roles_json: '["operator"]',
    scopes_json: '["operator.read","operator.write"]',
    remote_ip: '203.0.113.9',
    is_repair: 1,
    ts: 1796097063905,
    refreshed_at_ms: null,
  }

  test('is read from a row of the database, and the names of strangers are cleaned', () => {
    expect(pendingIn([rowOfDatabase(row)])).toMatchObject([
      {
        requestId: row.request_id,
        name: 'Kate',
        roles: ['operator'],
        scopes: ['operator.read', 'operator.write'],
        address: '203.0.113.9',
        isRepair: true,
        requestedAt: 1796097063905,
        refreshedAt: null,
      },
    ])
  })

  test('that is torn is left out, and hides no other', () => {
    expect(pendingIn([{requestId: 7}, null, rowOfDatabase(row)])).toHaveLength(1)
  })

  test('a file that breaks off is no empty file', () => {
    expect(rowsOfFile('{"a": {"requestId"')).toBeNull()
    expect(rowsOfFile('{}')).toEqual([])
  })
})
