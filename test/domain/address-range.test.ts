import {describe, expect, test} from 'vitest'
import {isInRange, networkOf, parseAddress} from '../../src/domain/address.ts'

describe('an address in a range', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['192.168.7.9', '192.168.7.8/31'],
    ['1.2.3.4', '0.0.0.0/0'],
    ['::1', '::1'],
    ['2001:db8::5', '2001:DB8:0:0:0:0:0:5'],
    ['2001:db8:0:7::5', '2001:db8::/32'],
    ['fe80::1%eth0', 'fe80::/10'],
  ])('%s is in %s', (address, range) => expect(isInRange(address, range)).toBe(true))

  test.each([
    ['127.0.0.2', '127.0.0.1'],
    ['11.1.2.3', '10.0.0.0/8'],
    ['192.168.7.10', '192.168.7.8/31'],
    ['2001:db9::', '2001:db8::/32'],
    ['::1', '0.0.0.0/0'],
    ['1.2.3.4', '1.2.3.4/33'],
    ['1.2.3.4', '1.2.3.4/'],
    ['1.2.3.4', '1.2.3.0/24/24'],
    ['1.2.3.4', ''],
    ['1.2.3.4.example.net', '1.2.3.4'],
    ['1.2.3.256', '0.0.0.0/0'],
    ['1::2::3', '::/0'],
    ['![x](//evil)', '::/0'],
  ])('%s is not in %s', (address, range) => expect(isInRange(address, range)).toBe(false))
})

test('a long text is no address, and is seen to be none at once', () => {
  expect(parseAddress('1:'.repeat(50_000))).toBeNull()
})

test('the network of an IPv6 address is its /64, that of any other the address', () => {
  expect(networkOf('2001:db8:0:7:1:2:3:4')).toBe(networkOf('2001:db8:0:7::9'))
  expect(networkOf('2001:db8:0:8::9')).not.toBe(networkOf('2001:db8:0:7::9'))
  expect([networkOf('192.0.2.7'), networkOf('::ffff:192.0.2.7'), networkOf(null)]).toEqual(['192.0.2.7', '::ffff:192.0.2.7', ''])
})
