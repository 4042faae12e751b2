import type {Key} from 'ink'
import {expect, test} from 'vitest'
import {keyNames} from '../../src/tui/use-screen.ts'

const plain = {} as Key

test('characters that come at once are as many keys', () => {
  expect(keyNames('jk G', plain)).toEqual(['j', 'k', 'space', 'G'])
  expect(keyNames('\u0003\r', plain)).toEqual(['ctrl+c', 'enter'])
})

test('what no terminal may show is no key: a notice would show it', () => {
  expect(keyNames('a\u202e\u200b\u0000\u009b\ud800b', plain)).toEqual(['a', 'b'])
  expect(keyNames('\u0000', {ctrl: true} as Key)).toEqual(['ctrl+'])
})

test('letters of every script are keys', () => {
  expect(keyNames('é漢🦀', plain)).toEqual(['é', '漢', '🦀'])
})
