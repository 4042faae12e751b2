import {expect, test} from 'vitest'
import {bareHost, isLoopback} from '../../src/domain/address.ts'

test.each(['localhost', '127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])('%s is this host', address => {
  expect(isLoopback(address)).toBe(true)
})

test.each([null, '', '192.0.2.7', '127.0.0.1.example.net', '127.example.net', '::2', '::ffff:192.0.2.7'])(
  '%s is not',
  address => {
    expect(isLoopback(address)).toBe(false)
  },
)

test('a host of IPv6 stands in brackets in an address', () => {
  expect(['[::1]', '::1', 'mini.local'].map(bareHost)).toEqual(['::1', '::1', 'mini.local'])
})
