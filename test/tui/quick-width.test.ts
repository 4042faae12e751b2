import {createRequire} from 'node:module'
import stringWidth from 'string-width'
import {expect, test} from 'vitest'

const quickWidth = createRequire(import.meta.url)('../../src/tui/parts/quick-width.cjs')

const colour = '\u001B[1;38;5;9m'

test('every text of one sign is as wide as string-width says, alone, in colour and with a mark behind it', () => {
  const wrong: string[] = []
  for (let code = 0; code < 0x3000; code += 1) {
    const sign = String.fromCodePoint(code)
    for (const text of [sign, `a${sign}`, `${colour}${sign}\u001B[0m`, `${sign}\u0301`, `${sign}\uFE0F`])
      if (quickWidth(text) !== stringWidth(text)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
})

test('with the options that packages give', () => {
  for (const text of ['', 'a', '…', `${colour}…`, '│ ▸', '中', 'a\u0301', '👩‍👩‍👧'])
    for (const options of [{}, {countAnsiEscapeCodes: true}, {ambiguousIsNarrow: false}])
      expect([text, options, quickWidth(text, options)]).toEqual([text, options, stringWidth(text, options)])
})
