import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {isCommandPaired, storedDevices} from '../../src/sources/token/device-store.ts'

const stateDir = (name: string): string => path.join(import.meta.dirname, '../fixtures/devices', name)

describe('the file of paired devices', () => {
  test('names them without a token or a key', () => {
    const devices = storedDevices(stateDir('2026.6.11'))
    expect(devices).toEqual([
      {id: 'de'.repeat(32), name: 'cli on linux', role: 'operator', scopes: ['operator.pairing'], connected: null},
    ])
  })

  test('tells whether the command line may read already', () => {
    expect(isCommandPaired(stateDir('2026.6.11'), '2026.6.11')).toBe(false)
    expect(isCommandPaired(stateDir('read'), '2026.6.11')).toBe(true)
  })

  test('before 2026.4.15 reading is not enough: its command asks to administer', () => {
    expect(isCommandPaired(stateDir('read'), '2026.3.28')).toBe(false)
    expect(isCommandPaired(stateDir('read'), null)).toBe(false)
  })

  test('a release that keeps none has none', () => {
    expect(storedDevices(stateDir('nowhere'))).toBeNull()
    expect(isCommandPaired(stateDir('nowhere'), '2026.9.6')).toBe(false)
  })
})
