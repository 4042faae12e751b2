import stringWidth from 'string-width'

type Look = {colour: string | null; isBold: boolean; isDim: boolean; isReverse: boolean}
type Span = Look & {text: string; at: number}

const plain: Look = {colour: null, isBold: false, isDim: false, isReverse: false}

/** What the codes of one sequence do to the look; colours by their number, which each picture paints its own way. */
const applied = (look: Look, codes: string): Look => {
  const fixed = /^38;5;(\d+)$/.exec(codes)
  if (fixed) return {...look, colour: `x${fixed[1]}`}
  let next = look
  for (const code of codes.split(';')) {
    if (code === '' || code === '0') next = plain
    else if (code === '1') next = {...next, isBold: true}
    else if (code === '2') next = {...next, isDim: true}
    else if (code === '7' || code === '27') next = {...next, isReverse: code === '7'}
    else if (/^3\d$/.test(code)) next = {...next, colour: code}
  }
  return next
}

/** The painted parts of one line, each with its column. */
const spansOf = (line: string): Span[] => {
  const spans: Span[] = []
  let look = plain
  let at = 0
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    const [, codes] = /^\u001b\[([\d;]*)m$/.exec(part) ?? []
    if (codes !== undefined) look = applied(look, codes)
    else if (part !== '') {
      spans.push({...look, text: part, at})
      at += stringWidth(part)
    }
  }
  return spans
}

export type Palette = {ground: string; ink: string; colours: Readonly<Record<string, string>>}

export const palettes: Readonly<Record<'dark' | 'light', Palette>> = {
  dark: {
    ground: '#16181d',
    ink: '#e6e6e6',
    colours: {31: '#ff6b68', 32: '#5fd787', 33: '#ffd75f', 35: '#d787ff', 36: '#5fd7d7', 34: '#87afff'},
  },
  light: {
    ground: '#ffffff',
    ink: '#24292f',
    colours: {x28: '#008700', x160: '#d70000', x130: '#af5f00', x25: '#005faf', x90: '#870087'},
  },
}

const cell = {width: 8.4, height: 18}
const edge = 12

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const round = (n: number): string => String(Math.round(n * 10) / 10)

const drawn = ({text, at, colour, isBold, isDim, isReverse}: Span, row: number, palette: Palette): string => {
  const [x, y] = [edge + at * cell.width, edge + row * cell.height]
  const width = stringWidth(text) * cell.width
  const ink = colour === null ? palette.ink : (palette.colours[colour] ?? palette.ink)
  const box = isReverse
    ? `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${cell.height}" fill="${ink}"/>`
    : ''
  if (text.trim() === '') return box
  const fill = isReverse ? palette.ground : ink
  const style = `${fill === palette.ink ? '' : ` fill="${fill}"`}${isBold ? ' font-weight="bold"' : ''}${isDim ? ' opacity="0.65"' : ''}`
  return `${box}<text x="${round(x)}" y="${round(y + 13)}" textLength="${round(width)}"${style}>${escaped(text)}</text>`
}

/** A screen as a picture: each part of a line at its own column, whatever font the reader has. */
export const svgOf = (
  lines: readonly string[],
  {columns, rows}: {columns: number; rows: number},
  palette: Palette,
  title: string,
): string => {
  const [width, height] = [columns * cell.width + 2 * edge, rows * cell.height + 2 * edge]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="100%" height="100%" rx="8" fill="${palette.ground}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="${palette.ink}" xml:space="preserve">`,
    ...lines.slice(0, rows).flatMap(
      (line, row) =>
        spansOf(line)
          .map(span => drawn(span, row, palette))
          .join('') || [],
    ),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}
