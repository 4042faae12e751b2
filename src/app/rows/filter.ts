import {type Level, levels} from '../../domain/attempts/event.ts'

/** What a row offers to a filter: all its words, and those that have a name. */
export type Searchable = {all: string; named: Readonly<Record<string, string>>; level?: Level}

type Term = {key: string | null; text: string; not: boolean; minLevel: number | null}

/** Caches the filter's result per line: the log is filtered again whenever it grows. */
export type Filter = {text: string; terms: readonly Term[]; cached: (row: object, evaluate: () => boolean) => boolean}

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

export const emptyFilter: Filter = {text: '', terms: [], cached: (_row, evaluate) => evaluate()}

const levelRank = (word: string): number | null => {
  const rank = levels.findIndex(level => level === word || (word === 'warning' && level === 'warn'))
  return rank < 0 ? null : rank
}

const words = (text: string): string[] => text.match(/!?(?:[\w-]+:)?"[^"]*"|\S+/g) ?? []

const term = (word: string): Term => {
  const not = word.startsWith('!') && word.length > 1
  const bare = not ? word.slice(1) : word
  const [, key = null, value = bare] = /^([a-z][\w-]*):(.*)$/i.exec(bare) ?? []
  const text = value.replaceAll('"', '').toLowerCase()
  const isLevel = key === 'level' || key === null
  return {key: key?.toLowerCase() ?? null, text, not, minLevel: isLevel ? levelRank(text) : null}
}

/** `text`, `key:value`, `!not`, and a level word, which means that level and worse. All of them must hold. */
export const parseFilter = (text: string): Filter => ({text: text.trim(), terms: words(text).map(term), cached: createMemo()})

const holds = ({key, text, minLevel}: Term, row: Searchable): boolean => {
  if (minLevel !== null && row.level !== undefined) return levels.indexOf(row.level) >= minLevel
  if (key === null) return row.all.toLowerCase().includes(text)
  const value = row.named[key]
  return value === undefined ? row.all.toLowerCase().includes(`${key}:${text}`) : value.toLowerCase().includes(text)
}

export const passes = (filter: Filter, row: Searchable): boolean => filter.terms.every(term => holds(term, row) !== term.not)
