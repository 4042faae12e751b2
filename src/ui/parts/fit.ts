import stringWidth from 'string-width'

const isPlain = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text)

export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text))

/** As many whole characters as fit, counted in cells. */
const head = (text: string, width: number): string => {
  let taken = ''
  let used = 0
  for (const char of text) {
    const wide = stringWidth(char)
    if (used + wide > width) break
    taken += char
    used += wide
  }
  return taken
}

/** One mark is enough where the text has its own. */
const marked = (text: string, mark: string): string => (mark !== '' && text.endsWith(mark) ? text : text + mark)

/** A text cut to a width, with a mark where it was cut. */
export const cut = (text: string, width: number, mark = '…'): string => {
  if (width <= 0) return ''
  if (isPlain(text)) return text.length <= width ? text : marked(text.slice(0, width - mark.length), mark)
  return stringWidth(text) <= width ? text : marked(head(text, width - mark.length), mark)
}

export const fitted = (text: string, width: number, right = false, mark = '…'): string => {
  const short = cut(text, width, mark)
  const space = ' '.repeat(Math.max(0, width - widthOf(short)))
  return right ? space + short : short + space
}

/** A paragraph as lines of a width; what does not fit into `most` lines is cut with a mark. */
export const paragraph = (text: string, width: number, most: number, mark = '…'): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) line = longer
    else {
      if (line !== '') lines.push(line)
      line = cut(word, width, mark)
    }
  }
  if (line !== '') lines.push(line)
  if (lines.length <= most) return lines
  const kept = lines.slice(0, most)
  return [...kept.slice(0, -1), cut(`${kept.at(-1) ?? ''} ${mark}`, width, mark)]
}
