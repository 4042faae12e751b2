import {describe, expect, test} from 'vitest'
import {clean, present} from '../../src/domain/clean.ts'

describe('text from strangers', () => {
  test('that is harmless stays as it is', () => {
    for (const text of [
      'plain',
      'naïve café',
      '日本語 한국어',
      '👩‍🚀 🦀'.replace('\u200d', ''),
      '⇄ res ✗ → ← …',
      'a—b',
      'ß€',
      'tiê\u0301ng Việt, ที่นี่, नमस्ते, שָׁלוֹם',
      '\u00a0',
    ])
      expect(clean(text)).toBe(text)
  })

  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor move', 'a\u001b[2;5Hb', 'ab'],
    ['a clipboard write', 'a\u001b]52;c;cm0=\u0007b', 'ab'],
    ['a link keeps its text', '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['a device control string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['a lone ESC', 'a\u001b', 'a'],
    ['a C1 sequence', 'a\u009b31mb', 'ab'],
    ['a tab and a line end', 'a\tb\nc', 'a b c'],
    ['NUL, BEL, backspace, DEL', 'a\u0000\u0007\b\u007fb', 'ab'],
    ['marks that turn text round', '\u202eabc\u202c\u2066d\u2069', 'abcd'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'abc'],
    ['invisible characters', 'a\u200b\u2060\ufeff\u00adb', 'ab'],
    ['halves of characters', 'a\ud800b\udc00', 'ab'],
    [
      'a heap of marks on a letter',
      `Z${'\u0301'.repeat(40)}a\u0489${'\u20dd'.repeat(40)}\u200d\u0336`,
      `Z${'\u0301'.repeat(4)}a\u0489${'\u20dd'.repeat(3)}`,
    ],
    ['a heap of marks of another script', `ก${'\u0e49'.repeat(50)}`, `ก${'\u0e49'.repeat(4)}`],
    ['tags that spell in secret', `a${String.fromCodePoint(0xe0041)}b`, 'ab'],
  ])('%s', (_what, raw, safe) => {
    expect(clean(raw)).toBe(safe)
  })

  test('clean text stays clean, whatever an attack left behind', () => {
    for (const text of ['\u001b\u001b[31m[31m', '\u001b]\u001b[0m52;c;x\u0007', '\u001b[\u001b[31m31mx', '\u009b\u009b1mx'])
      expect(clean(clean(text))).toBe(clean(text))
    for (const text of ['\u001b\u001b[31m[31m', '\u001b[\u001b[31m31mx']) expect(clean(text)).not.toContain('\u001b')
  })

  test('that is long is cut, and says so', () => {
    const cut = clean('x'.repeat(10_000), 100)
    expect(cut).toBe(`${'x'.repeat(100)}…`)
    expect(clean(`${'x'.repeat(99)}🦀 and more`, 100)).toBe(`${'x'.repeat(99)}…`)
  })

  // In quadratic time none of these would end within the limit of a test.
  test('of a megabyte is cleaned in one pass', () => {
    for (const part of ['\u001b[', '\u001b]', 'a\u001b', '\u009b0', '\ud800', '\u001bP'])
      expect(clean(part.repeat(1 << 19), Infinity)).not.toMatch(/[\u001b\u009b]/)
  })
})

test('what the gateway writes for nothing is nothing', () => {
  expect([undefined, '', 'n/a'].map(text => present(text))).toEqual([undefined, undefined, undefined])
  expect(present('N/A')).toBe('N/A')
  expect(present('y'.repeat(2000))?.length).toBeLessThan(600)
})
