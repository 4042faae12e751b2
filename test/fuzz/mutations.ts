import {Buffer} from 'node:buffer'
import fc from 'fast-check'

/** What strangers send to whoever shows it, and what our readers look for. */
const hostile: readonly string[] = [
  '\u001b[31mred\u001b[2J\u001b[H',
  '\u001b]52;c;cm0gLXJmIC8=\u0007',
  '\u001b]8;;http://evil.example\u001b\\click',
  '\u001bP+q544e\u001b\\',
  '\u009b31m\u009d52;c;eA==\u009c\u0085\u0090',
  '\u202egpj.exe\u202c\u2066b\u2069\u200f',
  '\u0000\u0007\b\u007f\u000b',
  '\n',
  '\r',
  '\r\n',
  '\u2028\u2029',
  '\ud800',
  '\udc00',
  '\u200b\u2060\ufeff\u00ad\u061c',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦🇩🇪',
  '漢字',
  'ﷺ',
  '\ufffd',
]

const structural: readonly string[] = [
  ...[' conn=x', ' peer=x', ' durationMs=5', ' remote=', ' code=1000', ' reason=fake', ' suppressed=9999', ' phase=x', ' ua=n/a'],
  ...[' endpoint=127.0.0.1:5->127.0.0.1:6', ' client=cli cli v1', ' device=', ' role=', 'n/a', '…', '->', ' [ws] ', '(PID 1)'],
  ...['{', '}', '[', ']', '"', '\\', '\\"', ',', ':', "'", '`', '#', '=', '$', '${', '/*', '*/', '//', '<', '>', '&#x0;', '%h'],
  ...['null', 'true', '-0', '0', '1e999', '1e-7', '99999999999999999999', '-1', 'NaN', 'Infinity', '0x', '""', '{}', '[]'],
  ...['00000000-0000-4000-8000-000000000000', 'cb7c062d…c287', '2026-11-21T10:18:23.440Z', '10:18:23', '9999-99-99T99:99:99Z'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    ' ',
    '\t',
    '  \n',
    'pid',
    '/',
    '..',
    '~',
    '::1',
    '[::ffff:1.2.3.4]',
  ],
  ...['A'.repeat(300), '/'.repeat(60), ' '.repeat(200), '\\'.repeat(65), '"'.repeat(64), '\t'.repeat(64), '='.repeat(64)],
]

/** As it stands inside of a text of JSON. */
const escaped = (word: string): string => JSON.stringify(word).slice(1, -1)

export const words = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...structural)},
  {weight: 3, arbitrary: fc.constantFrom(...hostile)},
  {weight: 3, arbitrary: fc.constantFrom(...hostile).map(escaped)},
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 12})},
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 12}).map(escaped)},
)

/** A place in a text, however long that is; what is smaller stands further ahead. */
const places = fc.nat(1 << 20)
const lengths = fc.oneof({weight: 4, arbitrary: fc.nat(24)}, {weight: 1, arbitrary: fc.nat(4000)})

type Mutation = (text: string) => string

const at = (text: string, place: number): number => Math.floor((place / (1 << 20)) * (text.length + 1))

const putAt = (text: string, from: number, length: number, more: string): string =>
  text.slice(0, from) + more + text.slice(from + length)

const nestings = ['[', '{"a":', '[[{"b":', '("', '{'] as const

/** An array or an object of a text of JSON gets a key once more, at its beginning or at its end. */
const doubled = (text: string, place: number, value: string): string => {
  const keys = Array.from(text.matchAll(/"([^"\\]{1,40})":/g))
  const chosen = keys[Math.floor((place / (1 << 20)) * keys.length)]
  if (chosen === undefined) return text
  const start = text.lastIndexOf('{', chosen.index)
  return putAt(text, start + 1, 0, `"${chosen[1]}":${value},`)
}

const values = fc.constantFrom('null', '1', '""', '"x"', '{}', '[]', '[null]', 'true', '1e400', '"\\u001b[2J"', '{"a":{"b":[1]}}')

/** A value of a text of JSON becomes another. */
const replaced = (text: string, place: number, value: string): string => {
  const found = Array.from(text.matchAll(/:("(?:\\.|[^"\\])*"|-?\d[\d.e+]*|true|false|null)/g))
  const chosen = found[Math.floor((place / (1 << 20)) * found.length)]
  return chosen === undefined ? text : putAt(text, chosen.index + 1, chosen[0].length - 1, value)
}

const otherDigits = (text: string, place: number): string =>
  text.replace(/\d/g, (digit, index: number) => String((Number(digit) + place * 7 + index) % 10))

const mutationOf = (corpus: readonly string[]): fc.Arbitrary<Mutation> => {
  const others = fc.constantFrom(...corpus)
  return fc.oneof<fc.WeightedArbitrary<Mutation>[]>(
    {weight: 2, arbitrary: places.map(place => text => text.slice(0, at(text, place)))},
    {weight: 1, arbitrary: places.map(place => text => text.slice(at(text, place)))},
    {
      weight: 4,
      arbitrary: fc.tuple(places, words).map(
        ([place, word]) =>
          text =>
            putAt(text, at(text, place), 0, word),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(places, lengths, words).map(
        ([place, length, word]) =>
          text =>
            putAt(text, at(text, place), length, word),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(places, lengths).map(
        ([place, length]) =>
          text =>
            putAt(text, at(text, place), length, ''),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(places, places, others).map(
        ([place, from, other]) =>
          text =>
            text.slice(0, at(text, place)) + other.slice(at(other, from)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(places, lengths, fc.nat(6)).map(([place, length, times]) => text => {
        const from = at(text, place)
        return putAt(text, from, 0, text.slice(from, from + length).repeat(times))
      }),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(places, words, fc.nat(2000)).map(
        ([place, word, times]) =>
          text =>
            putAt(text, at(text, place), 0, word.repeat(times).slice(0, 20_000)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(places, fc.constantFrom(...nestings), fc.nat(3000)).map(
        ([place, nesting, times]) =>
          text =>
            putAt(text, at(text, place), 0, nesting.repeat(times)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(places, values).map(
        ([place, value]) =>
          text =>
            doubled(text, place, value),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(places, values).map(
        ([place, value]) =>
          text =>
            replaced(text, place, value),
      ),
    },
    {weight: 2, arbitrary: places.map(place => text => otherDigits(text, place))},
  )
}

/** No mutation of a mutation may grow without end. */
const maxLength = 100_000

/** Real texts, changed in some places: one that is almost right reaches further than any that is made up. */
export const mutated = (corpus: readonly string[], maxMutations = 4): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...corpus), fc.array(mutationOf(corpus), {maxLength: maxMutations}))
    .map(([text, mutations]) => mutations.reduce((now, mutate) => mutate(now).slice(0, maxLength), text))

const strayBytes = fc.oneof(
  fc
    .constantFrom(
      'ff',
      'fe',
      'c3',
      'e2',
      'e280',
      'f0',
      'c0af',
      'eda080',
      'f5',
      '80',
      '9b',
      '00',
      '0000',
      'efbbbf',
      '0d0a',
      '0a',
      '0d',
    )
    .map(hex => Buffer.from(hex, 'hex')),
  fc.uint8Array({minLength: 1, maxLength: 6}).map(bytes => Buffer.from(bytes)),
)

/** The bytes of a text, with some put in, or over others, that need be no UTF-8. */
export const withStrayBytes = (texts: fc.Arbitrary<string>, maxStrays = 3): fc.Arbitrary<Buffer> =>
  fc.tuple(texts, fc.array(fc.tuple(places, strayBytes, fc.boolean()), {maxLength: maxStrays})).map(([text, strays]) =>
    strays.reduce((bytes, [place, more, isOver]) => {
      const from = Math.floor((place / (1 << 20)) * (bytes.length + 1))
      return Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from + (isOver ? more.length : 0))])
    }, Buffer.from(text)),
  )
