import {type Level, levels} from '../../domain/attempts/event.ts'
import {type Pattern, parsePattern} from './pattern.ts'

/** What a row offers to a filter: all its words, and those that have a name. */
export type Searchable = {all: string; named: Readonly<Record<string, string>>; level?: Level}

/** What a row has of each field that its panel names. */
export type Named<Fields extends readonly string[]> = Readonly<Record<Fields[number], string>>

type Match =
  | {is: 'text'}
  | {is: 'level'; min: number}
  | {is: 'pattern'; pattern: Pattern}
  | {is: 'number'; holds: (value: number) => boolean}

/** `text` is what is looked for where the row has no such field. */
type Term = {key: string | null; text: string; not: boolean; match: Match}

/** Caches the filter's result per line: the log is filtered again whenever it grows. */
export type Filter = {
  text: string
  terms: readonly Term[]
  /** Why an expression is looked for as it was typed. */
  problem: string | null
  cached: (row: object, evaluate: () => boolean) => boolean
}

const createMemo = (): Filter['cached'] => {
  const results = new WeakMap<object, boolean>()
  return (row, evaluate) => {
    const cached = results.get(row)
    if (cached !== undefined) return cached
    const result = evaluate()
    results.set(row, result)
    return result
  }
}

export const emptyFilter: Filter = {text: '', terms: [], problem: null, cached: (_row, evaluate) => evaluate()}

const levelRank = (word: string): number | null => {
  const rank = levels.findIndex(level => level === word || (word === 'warning' && level === 'warn'))
  return rank < 0 ? null : rank
}

const words = (text: string): string[] => text.match(/!?(?:[\w-]+:)?(?:\/(?:\\.|[^/\\])+\/i?(?!\S)|"[^"]*")|\S+/g) ?? []

const comparisons: Readonly<Record<string, (limit: number) => (value: number) => boolean>> = {
  '>': limit => value => value > limit,
  '>=': limit => value => value >= limit,
  '<': limit => value => value < limit,
  '<=': limit => value => value <= limit,
}

type Parsed = {term: Term; problem: string | null}

const compared = (bare: string, not: boolean): Parsed | null => {
  const [, key, sign = '', limit] = /^([a-z][\w-]*)(>=|<=|>|<)(\d+(?:\.\d+)?)$/i.exec(bare) ?? []
  const compare = comparisons[sign]
  if (key === undefined || !compare) return null
  const term: Term = {
    ...{key: key.toLowerCase(), text: bare.toLowerCase(), not},
    match: {is: 'number', holds: compare(Number(limit))},
  }
  return {term, problem: null}
}

const parseTerm = (word: string): Parsed => {
  const not = word.startsWith('!') && word.length > 1
  const bare = not ? word.slice(1) : word
  const comparison = compared(bare, not)
  if (comparison) return comparison
  const [, name = null, value = bare] = /^([a-z][\w-]*):(.*)$/i.exec(bare) ?? []
  const key = name?.toLowerCase() ?? null
  const plain = value.replaceAll('"', '').toLowerCase()
  const text = key === null ? plain : `${key}:${plain}`
  const source = /^\/(.+)\/i?$/.exec(value)?.[1]
  if (source !== undefined) {
    const pattern = parsePattern(source)
    return 'because' in pattern
      ? {term: {key, text, not, match: {is: 'text'}}, problem: `/${source}/ is taken as text: ${pattern.because}`}
      : {term: {key, text, not, match: {is: 'pattern', pattern}}, problem: null}
  }
  const min = key === 'level' || key === null ? levelRank(plain) : null
  return {term: {key, text, not, match: min === null ? {is: 'text'} : {is: 'level', min}}, problem: null}
}

/** `text`, `key:value`, `/expression/`, `key>number`, `!not`, and a level word, which means that level and worse. All of them must hold. */
export const parseFilter = (text: string): Filter => {
  const parsed = words(text).map(parseTerm)
  return {
    text: text.trim(),
    terms: parsed.map(({term}) => term),
    problem: parsed.find(({problem}) => problem !== null)?.problem ?? null,
    cached: createMemo(),
  }
}

const holds = ({key, text, match}: Term, row: Searchable): boolean => {
  if (match.is === 'level' && row.level !== undefined) return levels.indexOf(row.level) >= match.min
  const value = key === null ? row.all : row.named[key]
  if (value === undefined) return row.all.toLowerCase().includes(text)
  if (match.is === 'number') return value !== '' && match.holds(Number(value))
  if (match.is === 'pattern') return match.pattern.matches(value.toLowerCase())
  return value.toLowerCase().includes(key === null ? text : text.slice(key.length + 1))
}

export const passes = (filter: Filter, row: Searchable): boolean => filter.terms.every(term => holds(term, row) !== term.not)
