/** A small seeded generator: the same seed gives the same texts. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Random = (below: number) => number

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!

const gaps = ['', ' ', '\n  ', '\t', '\r\n', ' // what "token": \'x\' is\n', ' /* { token: "no" } */ ', '\u00a0', '\n// }]\n']
const gap = (random: Random): string => pick(random, gaps)

const words = ['a', 'token', 'auth', 'gateway', 'x-y', 'meta', 'ключ', '$ref', '_1', 'with space', "it's", 'q"q', 'back\\slash']

const isName = (word: string): boolean => /^[\p{L}$_][\p{L}\p{N}$_]*$/u.test(word)

const single = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const quoted = (random: Random, text: string): string => (random(2) === 0 ? JSON.stringify(text) : single(text))

const keyText = (random: Random, key: string): string => (isName(key) && random(2) === 0 ? key : quoted(random, key))

const leaf = (random: Random): string =>
  pick(random, [
    '1',
    '-0x1F',
    '.5',
    '5.',
    '+Infinity',
    'NaN',
    'true',
    'null',
    '[]',
    '{}',
    "''",
    '"a\\\nb"',
    "'// no'",
    quoted(random, pick(random, words)),
  ])

const value = (random: Random, depth: number): string => {
  const kind = depth > 2 ? 0 : random(4)
  if (kind === 1) return objectText(random, depth + 1, [])
  if (kind === 2)
    return `[${gap(random)}${value(random, depth + 1)}${gap(random)},${gap(random)}${value(random, depth + 1)}${pick(random, ['', ','])}]`
  return leaf(random)
}

type Member = readonly [key: string, text: string]

const objectText = (random: Random, depth: number, own: readonly Member[]): string => {
  const others = Array.from({length: random(4)}, (): Member => [pick(random, words), value(random, depth)])
  const names = new Set(own.map(([key]) => key))
  const members = [...others.filter(([key]) => !names.has(key)), ...own].toSorted(() => random(3) - 1)
  const body = members.map(
    ([key, text]) => `${gap(random)}${keyText(random, key)}${gap(random)}:${gap(random)}${text}${gap(random)}`,
  )
  return `{${body.join(',')}${body.length > 0 ? pick(random, ['', ',']) : ''}${gap(random)}}`
}

/** A config in every way that JSON5 lets one write it, and the two parts that stand around its token. */
export const configText = (seed: number, token: string): {text: string; before: string; after: string} => {
  const random = randomOf(seed)
  const marker = quoted(random, token)
  const auth = objectText(random, 2, [['token', marker]])
  const gateway = objectText(random, 1, [['auth', auth]])
  const text = `${gap(random)}${objectText(random, 0, [['gateway', gateway]])}${gap(random)}`
  const at = text.indexOf(marker)
  return {text, before: text.slice(0, at), after: text.slice(at + marker.length)}
}

/** An environment file with lines of every kind around those of one variable. */
export const envText = (seed: number, key: string, tokens: readonly string[]): string => {
  const random = randomOf(seed)
  const end = pick(random, ['\n', '\r\n'])
  const others = [
    '# a comment',
    '',
    'A=1',
    "B='two words'",
    'C="three # no comment"',
    'D=x # a comment',
    '  E = y',
    'export F=z',
    `${key}_OLD=1`,
  ]
  const own = tokens.map(token => {
    const quote = pick(random, ['', '"', "'"])
    return `${pick(random, ['', 'export ', '  '])}${key}${pick(random, ['=', ' = ', '= '])}${quote}${token}${quote}${pick(random, ['', ' ', ' # ours'])}`
  })
  const lines = [
    ...Array.from({length: random(6)}, () => pick(random, others)),
    ...own,
    ...Array.from({length: random(4)}, () => pick(random, others)),
  ]
  return lines.join(end) + pick(random, ['', end])
}
