export type Test = (code: number) => boolean
export type Assertion = 'start' | 'end' | 'word-edge' | 'no-word-edge'

export type Node =
  | {is: 'set'; test: Test}
  | {is: 'assert'; what: Assertion}
  | {is: 'sequence'; parts: readonly Node[]}
  | {is: 'choice'; parts: readonly Node[]}
  | {is: 'repeat'; node: Node; min: number; max: number}

/** Why an expression cannot be searched for. */
export class Refusal extends Error {}

export const refuse = (because: string): never => {
  throw new Refusal(because)
}

const codeOf = (char: string): number => char.charCodeAt(0)
const isBetween = (first: string, last: string): Test => {
  const [low, high] = [codeOf(first), codeOf(last)]
  return code => code >= low && code <= high
}

const isDigit = isBetween('0', '9')
const isLower = isBetween('a', 'z')
export const isWord: Test = code => isDigit(code) || isLower(code) || code === codeOf('_')
const isSpace: Test = code => code === 32 || (code >= 9 && code <= 13) || code === 0xa0
const not =
  (test: Test): Test =>
  code =>
    !test(code)

const classes: Readonly<Record<string, Test>> = {
  ...{d: isDigit, w: isWord, s: isSpace},
  ...{D: not(isDigit), W: not(isWord), S: not(isSpace)},
}

const controls: Readonly<Record<string, string>> = {t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', 0: '\0'}

/** The text is in lower case, so a capital letter of the pattern stands for the small one. */
const isChar = (char: string): Test => {
  const code = codeOf(char.toLowerCase())
  return found => found === code
}

const isRange = (first: string, last: string): Test => {
  if (codeOf(first) > codeOf(last)) return refuse(`the range ${first}-${last} is the wrong way round`)
  const test = isBetween(first, last)
  return code => test(code) || test(codeOf(String.fromCharCode(code).toUpperCase()))
}

const maxRepeat = 100

/** What an expression is made of. */
export const parseSyntax = (source: string): Node => {
  let at = 0
  const peek = (): string => source[at] ?? ''
  const take = (): string => {
    at += 1
    return source[at - 1] ?? ''
  }
  const takeIf = (text: string): boolean => {
    const isNext = source.startsWith(text, at)
    if (isNext) at += text.length
    return isNext
  }

  const escapedChar = (): string => {
    const char = take()
    if (char === '') return refuse('it ends with a backslash')
    const [, short, long] = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(source.slice(at - 1)) ?? []
    const digits = short ?? long
    if (digits !== undefined) {
      at += digits.length
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    if (/[1-9k]/.test(char)) return refuse('it refers back to a group')
    if (char === 'p' || char === 'P') return refuse(`\\${char} is not known here`)
    return controls[char] ?? char
  }

  const set = (): Node => {
    const isNegated = takeIf('^')
    const tests: Test[] = []
    while (peek() !== ']') {
      if (peek() === '') return refuse('a [ is not closed')
      const isEscaped = takeIf('\\')
      const charClass = isEscaped ? classes[peek()] : undefined
      if (charClass) {
        tests.push(charClass)
        at += 1
        continue
      }
      const first = isEscaped ? escapedChar() : take()
      if (peek() === '-' && source[at + 1] !== ']' && source[at + 1] !== undefined) {
        at += 1
        tests.push(isRange(first, takeIf('\\') ? escapedChar() : take()))
      } else tests.push(isChar(first))
    }
    at += 1
    const isIn: Test = code => tests.some(test => test(code))
    return {is: 'set', test: isNegated ? not(isIn) : isIn}
  }

  const group = (): Node => {
    if (takeIf('?') && !takeIf(':')) return refuse('it looks around, or has a group with a name')
    const node = choice()
    return takeIf(')') ? node : refuse('a ( is not closed')
  }

  const atom = (): Node => {
    const char = take()
    if (char === '(') return group()
    if (char === '[') return set()
    if (char === '.') return {is: 'set', test: () => true}
    if (char === '^') return {is: 'assert', what: 'start'}
    if (char === '$') return {is: 'assert', what: 'end'}
    if (char !== '\\') return /[*+?]/.test(char) ? refuse(`${char} has nothing before it`) : {is: 'set', test: isChar(char)}
    const charClass = classes[peek()]
    if (charClass) {
      at += 1
      return {is: 'set', test: charClass}
    }
    if (takeIf('b')) return {is: 'assert', what: 'word-edge'}
    if (takeIf('B')) return {is: 'assert', what: 'no-word-edge'}
    return {is: 'set', test: isChar(escapedChar())}
  }

  const bounds = (): readonly [number, number] | null => {
    if (takeIf('*')) return [0, Infinity]
    if (takeIf('+')) return [1, Infinity]
    if (takeIf('?')) return [0, 1]
    const [all, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at)) ?? []
    if (all === undefined) return null
    at += all.length
    return [Number(min), comma === '' ? Number(min) : max === '' ? Infinity : Number(max)]
  }

  const repeated = (): Node => {
    let node = atom()
    for (let found = bounds(); found; found = bounds()) {
      const [min, max] = found
      if (max < min) return refuse(`{${min},${max}} is the wrong way round`)
      if (min > maxRepeat || (max !== Infinity && max > maxRepeat)) return refuse(`it repeats more than ${maxRepeat} times`)
      // That it should take as little as it can makes no difference to whether it is found.
      takeIf('?')
      node = {is: 'repeat', node, min, max}
    }
    return node
  }

  const sequence = (): Node => {
    const parts: Node[] = []
    while (at < source.length && peek() !== '|' && peek() !== ')') parts.push(repeated())
    return {is: 'sequence', parts}
  }

  const choice = (): Node => {
    const parts = [sequence()]
    while (takeIf('|')) parts.push(sequence())
    return parts.length === 1 ? parts[0]! : {is: 'choice', parts}
  }

  const node = choice()
  return at < source.length ? refuse('a ) has no (') : node
}
