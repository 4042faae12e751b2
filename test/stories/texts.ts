import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')

const quotes = ["'", '"', '`']

const mayBeginPattern = (before: string): boolean => /(?:^|[(,=:[!&|?{};]|=>|return)\s*$/.test(before)

const endOfPattern = (code: string, from: number): number => {
  let isInClass = false
  for (let at = from + 1; at < code.length; at += 1) {
    const char = code[at]
    if (char === '\\') at += 1
    else if (char === '[') isInClass = true
    else if (char === ']') isInClass = false
    else if (char === '/' && !isInClass) return at + 1
    else if (char === '\n') return from + 1
  }
  return code.length
}

/** The text of a literal, each value in it as `…`, and where it ends. */
const literalAt = (code: string, from: number): {text: string; end: number} => {
  const quote = code[from]
  let text = ''
  let at = from + 1
  for (; at < code.length && code[at] !== quote; at += 1) {
    if (code[at] === '\\') {
      at += 1
      text += code[at]
    } else if (quote === '`' && code.startsWith('${', at)) {
      let depth = 1
      for (at += 2; depth > 0 && at < code.length; at += 1) {
        if (quotes.includes(code[at] ?? '')) at = literalAt(code, at).end - 1
        else if (code[at] === '{') depth += 1
        else if (code[at] === '}') depth -= 1
      }
      at -= 1
      text += '…'
    } else text += code[at]
  }
  return {text, end: at + 1}
}

/** Every text between quotes in a source, without comments and patterns. */
const literalsIn = (code: string): string[] => {
  const found: string[] = []
  let at = 0
  while (at < code.length) {
    const char = code[at] ?? ''
    if (code.startsWith('//', at)) at = Math.max(at + 1, (code.indexOf('\n', at) + 1 || code.length + 1) - 1)
    else if (code.startsWith('/*', at)) at = code.indexOf('*/', at) + 2
    else if (char === '/' && mayBeginPattern(code.slice(Math.max(0, at - 40), at))) at = endOfPattern(code, at)
    else if (quotes.includes(char)) {
      const {text, end} = literalAt(code, at)
      found.push(text)
      at = end
    } else at += 1
  }
  return found
}

const filesUnder = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => /\.tsx?$/.test(name))
    .map(name => `${folder}/${name}`)
    .toSorted()

/** Every text that the program may print, by the file it stands in; the demo speaks as a gateway and advises nobody. */
export const textsOf = (
  folders = ['src/domain', 'src/gateway', 'src/sources', 'src/app', 'src/tui', 'src/cli', 'src/runtime'],
): {file: string; text: string}[] =>
  folders
    .flatMap(filesUnder)
    .flatMap(file =>
      literalsIn(fs.readFileSync(path.join(root, file), 'utf8')).map(text => ({file: file.slice('src/'.length), text})),
    )
