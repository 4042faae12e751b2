const token =
  /\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{}[\]:,]|(?:[^\s{}[\]:,"'/]|\/(?![/*]))+/gy

type Level = {path: string; item: number | null; key: string | null}

const keyOf = (word: string): string => (/^["']/.test(word) ? word.slice(1, -1).replace(/\\([\s\S])/g, '$1') : word)

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** The line of each key and each item (`hosts`, `hosts.0`, `filters.nodes`) of a text that is JSON5: its parser keeps no positions. */
export const keyLines = (text: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>()
  const levels: Level[] = []
  let line = 1
  let last: {word: string; line: number} | null = null
  const placeOf = ({path, item, key}: Level): string => joined(path, key ?? String(item ?? ''))
  const recordItem = (): void => {
    const level = levels.at(-1)
    if (level && level.item !== null && !lines.has(placeOf(level))) lines.set(placeOf(level), line)
  }
  for (const [word] of text.matchAll(token)) {
    const level = levels.at(-1)
    const isBlank = /^(?:\s|\/\/|\/\*)/.test(word)
    if (word === '{' || word === '[') {
      recordItem()
      levels.push({path: level ? placeOf(level) : '', item: word === '[' ? 0 : null, key: null})
    } else if (word === '}' || word === ']') levels.pop()
    else if (word === ',' && level?.item != null) level.item += 1
    else if (word === ':' && level && last) {
      level.key = keyOf(last.word)
      lines.set(placeOf(level), last.line)
    } else if (!isBlank && word !== ',') {
      recordItem()
      last = {word, line}
    }
    line += word.split('\n').length - 1
  }
  return lines
}
