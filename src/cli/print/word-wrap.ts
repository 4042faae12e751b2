/** A paragraph for a terminal of unknown width. */
export const wrapped = (text: string, indent = '', width = 78): string => {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent
    }
    line += line.length > indent.length ? ` ${word}` : word
  }
  return [...lines, line].join('\n')
}

const usualWidth = 80

/** As wide as the terminal, where there is one. */
const terminalWidth = (): number => process.stdout.columns ?? usualWidth

/** A line of columns, broken between words; what goes on stands below, indented. Columns keep their spaces. */
export const folded = (text: string, indent: string, width = terminalWidth()): string => {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width)
    const isBroken = at > (lines.length === 0 ? 0 : indent.length)
    const head = isBroken ? rest.slice(0, at) : rest.slice(0, width)
    lines.push(head.trimEnd())
    rest = `${indent}${rest.slice(head.length).trimStart()}`
  }
  return [...lines, rest].join('\n')
}

/** A pipe, a file and who asks for JSON get what a program reads. */
export const isForPerson = (wantsJson: boolean): boolean => process.stdout.isTTY === true && !wantsJson

/** For people at a terminal; what goes into a pipe or a file stays a line each. */
export const foldedForTerminal = (text: string, indent: string): string => (process.stdout.isTTY ? folded(text, indent) : text)
