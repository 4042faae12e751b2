import JSON5 from 'json5'

/** A string in a JSON5 text: where its quotes begin and end, and the path of keys and indexes that leads to it. */
export type StringSpan = {path: readonly string[]; start: number; end: number}

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
export const stringsIn = (text: string): StringSpan[] => {
  const cursor: Cursor = {text, at: 0, found: []}
  readValue(cursor, [])
  return cursor.found
}
