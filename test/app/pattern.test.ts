import {describe, expect, test} from 'vitest'
import {parsePattern} from '../../src/app/rows/pattern.ts'

const finds = (source: string, text: string): boolean => {
  const pattern = parsePattern(source)
  if ('because' in pattern) throw new Error(pattern.because)
  return pattern.matches(text)
}

const because = (source: string): string => {
  const pattern = parsePattern(source)
  return 'because' in pattern ? pattern.because : ''
}

describe('an expression', () => {
  const texts = [
    '',
    'a',
    'ab',
    'abc',
    'aab',
    'b',
    'ba',
    'a b',
    'a_b',
    '1a2',
    'foo.bar',
    'closed before connect',
    'é',
    'x\ty',
    '10.0.0.7:443',
  ]
  test.each([
    ...['a', 'ab', 'a|b', '^a', 'a$', '^a$', '^$', '', '.', '..', 'a*', 'a+b', 'a?b', '(a|b)+$', '(?:ab)*c', 'a{2}', '^a{1,2}b'],
    ...[
      '[ab]c',
      '[^ab]',
      '[a-c]b',
      '[]',
      '[^]',
      '[\\d]',
      '\\d+',
      '\\w\\W\\w',
      '\\s',
      '\\S\\s\\S',
      '\\bb',
      'a\\b',
      '\\Ba',
      '\\.',
      'a.*?b',
    ],
    ...[
      '((a)|(b))c',
      '(a*)*b',
      '(a|a)*$',
      'x\\ty',
      '\\x61b',
      '\\u0061c',
      'a{,2}',
      '{',
      '10\\.0\\.0\\.\\d{1,3}:\\d+',
      'closed.*connect',
      '^\\w+ \\w+',
    ],
  ])('/%s/ finds what JavaScript finds', source => {
    for (const text of texts) expect([text, finds(source, text)]).toEqual([text, new RegExp(source).test(text)])
  })

  test('takes no notice of capital letters', () => {
    for (const source of ['TOKEN', '[T]oken', '[A-Z]{5}', '^[^Q]+$']) expect(finds(source, 'token')).toBe(true)
    expect(finds('[^T]', 'ttt')).toBe(false)
  })

  test.each([
    ['(a', 'a ( is not closed'],
    ['a)', 'a ) has no ('],
    ['[a', 'a [ is not closed'],
    ['*a', '* has nothing before it'],
    ['a\\', 'it ends with a backslash'],
    ['[z-a]', 'the range z-a is the wrong way round'],
    ['a{3,2}', '{3,2} is the wrong way round'],
    ['(a)\\1', 'it refers back to a group'],
    ['(?=a)', 'it looks around, or has a group with a name'],
    ['(?<n>a)', 'it looks around, or has a group with a name'],
    ['a{1000}', 'it repeats more than 100 times'],
    ['((a{100}){100}){100}', 'it is too large'],
  ])('/%s/ is refused: %s', (source, expected) => {
    expect(because(source)).toBe(expected)
  })

  // Each of these takes JavaScript's own longer than the age of the world.
  test.each(['(a+)+$', '(a|a)*c', '(a|aa)+$', '(.*a){20}c', 'a*a*a*a*a*a*a*c', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    '/%s/ is done at once on a line that was made for it',
    source => {
      expect(finds(source, `${'a'.repeat(20_000)}!`)).toBe(false)
    },
  )
})
