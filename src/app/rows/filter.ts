import {type Level, levels} from '../../domain/attempts/event.ts'

/** What a row offers to a filter: all its words, and those that have a name. */
export type Searchable = {all: string; named: Readonly<Record<string, string>>; level?: Level}

type Term = {key: string | null; text: string; not: boolean; least: number | null}

/** A filter remembers what it said of a line, since a log is asked again whenever it grows. */
export type Filter = {text: string; terms: readonly Term[]; remembers: (row: object, judge: () => boolean) => boolean}

const memory = (): Filter['remembers'] => {
  const said = new WeakMap<object, boolean>()
  return (row, judge) => {
    const known = said.get(row)
    if (known !== undefined) return known
    const judged = judge()
    said.set(row, judged)
    return judged
  }
}

export const noFilter: Filter = {text: '', terms: [], remembers: (_row, judge) => judge()}

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
  return {key: key?.toLowerCase() ?? null, text, not, least: isLevel ? levelRank(text) : null}
}

/** `text`, `key:value`, `!not`, and a level word, which means that level and worse. All of them must hold. */
export const parseFilter = (text: string): Filter => ({text: text.trim(), terms: words(text).map(term), remembers: memory()})

const holds = ({key, text, least}: Term, row: Searchable): boolean => {
  if (least !== null && row.level !== undefined) return levels.indexOf(row.level) >= least
  if (key === null) return row.all.toLowerCase().includes(text)
  const value = row.named[key]
  return value === undefined ? row.all.toLowerCase().includes(`${key}:${text}`) : value.toLowerCase().includes(text)
}

export const passes = (filter: Filter, row: Searchable): boolean =>
  filter.terms.every(wanted => holds(wanted, row) !== wanted.not)
