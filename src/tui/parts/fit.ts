import stringWidth from 'string-width'

const isPlain = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text)

export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text))

/** As many whole characters as fit, counted in cells. */
const head = (text: string, width: number): string => {
  const first = text.slice(0, Math.max(0, width))
  if (isPlain(first)) return first
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

/** As many whole characters of its end as fit, counted in cells. */
export const tail = (text: string, width: number): string => {
  let taken = ''
  for (const char of Array.from(text).toReversed()) {
    if (widthOf(char + taken) > width) break
    taken = char + taken
  }
  return taken
}

/** All of a text, as many cells a line as there is room for: what is read to the letter is not broken at its words. */
export const brokenAt = (text: string, width: number): string[] => {
  const lines: string[] = []
  for (let rest = text; rest !== ''; ) {
    const taken = head(rest, width) || (Array.from(rest)[0] ?? '')
    lines.push(taken)
    rest = rest.slice(taken.length)
  }
  return lines.length === 0 ? [''] : lines
}

/** A text without so many of its first cells. */
export const from = (text: string, cells: number): string => text.slice(head(text, cells).length)

/** One mark is enough where the text has its own. */
const withEllipsis = (text: string, ellipsis: string): string =>
  ellipsis !== '' && text.endsWith(ellipsis) ? text : text + ellipsis

/** A text cut to a width, with a mark where it was cut. */
export const cut = (text: string, width: number, ellipsis = '…'): string => {
  if (width <= 0) return ''
  if (isPlain(text)) return text.length <= width ? text : withEllipsis(text.slice(0, width - ellipsis.length), ellipsis)
  return stringWidth(text) <= width ? text : withEllipsis(head(text, width - ellipsis.length), ellipsis)
}

export const fitted = (text: string, width: number, right = false, ellipsis = '…'): string => {
  const short = cut(text, width, ellipsis)
  const space = ' '.repeat(Math.max(0, width - widthOf(short)))
  return right ? space + short : short + space
}

/** A paragraph as lines of a width; what does not fit into `most` lines is cut with a mark. */
export const paragraph = (text: string, width: number, max: number, ellipsis = '…'): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) line = longer
    else {
      if (line !== '') lines.push(line)
      line = cut(word, width, ellipsis)
    }
  }
  if (line !== '') lines.push(line)
  if (lines.length <= max) return lines
  const visible = lines.slice(0, max)
  return [...visible.slice(0, -1), cut(`${visible.at(-1) ?? ''} ${ellipsis}`, width, ellipsis)]
}
