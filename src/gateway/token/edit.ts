import JSON5 from 'json5'
import type {Failure} from '../../domain/failure.ts'
import {isFields, valueAt} from '../json.ts'
import {parseJson5} from '../json5.ts'
import {readTokenReference} from './env-file.ts'

/** A string in a JSON5 text: where its quotes begin and end, and the path of keys and indexes that leads to it. */
type StringSpan = {path: readonly string[]; start: number; end: number}

type Cursor = {text: string; at: number; found: StringSpan[]}

const blank = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y
const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y
const bare = /[^\s,:{}[\]"'/]+/y

const take = (cursor: Cursor, pattern: RegExp): string | null => {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.text)
  if (match === null) return null
  cursor.at += match[0].length
  return match[0]
}

const skip = (cursor: Cursor): string => {
  take(cursor, blank)
  return cursor.text[cursor.at] ?? ''
}

const keyFrom = (cursor: Cursor): string => {
  skip(cursor)
  const written = take(cursor, quoted) ?? take(cursor, bare) ?? ''
  return Object.keys(JSON5.parse(`{${written}:0}`) as object)[0] ?? ''
}

const readMembers = (cursor: Cursor, path: readonly string[], end: string): void => {
  cursor.at += 1
  for (let index = 0; skip(cursor) !== end && cursor.at < cursor.text.length; index += 1) {
    const key = end === '}' ? keyFrom(cursor) : String(index)
    if (end === '}' && skip(cursor) === ':') cursor.at += 1
    readValue(cursor, [...path, key])
    if (skip(cursor) === ',') cursor.at += 1
  }
  cursor.at += 1
}

const readValue = (cursor: Cursor, path: readonly string[]): void => {
  const next = skip(cursor)
  const start = cursor.at
  if (next === '{') readMembers(cursor, path, '}')
  else if (next === '[') readMembers(cursor, path, ']')
  else if (take(cursor, quoted) !== null) cursor.found.push({path, start, end: cursor.at})
  else if (take(cursor, bare) === null) cursor.at += 1
}

/** Every string value of a text that is known to be JSON5. */
const stringsIn = (text: string): StringSpan[] => {
  const cursor: Cursor = {text, at: 0, found: []}
  readValue(cursor, [])
  return cursor.found
}

const problem = (title: string, because: string, tryThis: string): Failure => ({title, because, tryThis, from: 'gateway'})

const isSamePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, i) => key === b[i])

/** JSON's own form is good in JSON5; in single quotes the other quote needs the backslash. */
const written = (value: string, quote: string): string => {
  const inDouble = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return quote === '"' ? inDouble : `'${inDouble.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

const replacedAt = (tree: unknown, path: readonly string[], value: string): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return value
  return isFields(tree) ? {...tree, [key]: replacedAt(tree[key], rest, value)} : tree
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const cannotReplace = (value: unknown, path: readonly string[]): Failure | null => {
  const name = path.join('.')
  if (value === undefined)
    return problem(
      `There is no ${name} to replace`,
      'gatecrab replaces a token, it inserts none',
      'set it once by `openclaw config patch --stdin`',
    )
  if (readTokenReference(value, null) !== null || isFields(value))
    return problem(`${name} is a reference`, 'the token itself stands elsewhere', 'change it there')
  return typeof value === 'string' ? null : problem(`${name} is no string`, 'a token is one', 'run `openclaw config validate`')
}

/**
 * The text of a config with one string replaced: comments, order, quotes and everything else stay as they are, byte by byte.
 * The result is read again, and is only good if nothing else in it has changed.
 */
export const withToken = (text: string, path: readonly string[], value: string): {text: string} | {problem: Failure} => {
  const before = parseJson5(text)
  if ('problem' in before) return {problem: problem('The config is not JSON5', before.problem, 'run `openclaw config validate`')}
  const wrong = cannotReplace(valueAt(before.value, path), path)
  if (wrong) return {problem: wrong}
  const span = stringsIn(text).findLast(found => isSamePath(found.path, path))
  const edited = span && text.slice(0, span.start) + written(value, text[span.start] ?? '"') + text.slice(span.end)
  const after = edited === undefined ? null : parseJson5(edited)
  if (edited !== undefined && after && 'value' in after && isSame(after.value, replacedAt(before.value, path, value)))
    return {text: edited}
  return {
    problem: problem(
      `${path.join('.')} cannot be replaced safely`,
      'the file is written in a way gatecrab does not edit',
      'change it by `openclaw config patch --stdin`',
    ),
  }
}
