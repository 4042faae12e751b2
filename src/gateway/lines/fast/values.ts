import type {Form} from './value-format.ts'

export type Name = 'conn' | 'endpoint' | 'durationMs' | 'deviceId' | 'requestId' | 'time' | 'textId'

/** What tells of nothing has no name. */
type Kind = {form: Form; name: Name | null}

const word = (name: Name | null): Kind => ({form: 'word', name})
const number = (name: Name | null): Kind => ({form: 'number', name})

/** The values in which a line may differ from another that tells the same. */
const kinds: Readonly<Record<string, Kind>> = {
  ' conn=': word('conn'),
  ' peer=': word('endpoint'),
  ' endpoint=': word('endpoint'),
  ' durationMs=': number('durationMs'),
  '"durationMs":': number('durationMs'),
  '"deviceId":"': word('deviceId'),
  '"requestId":"': word('requestId'),
  '"time":"': word('time'),
  '"remotePort":': number(null),
  ' remotePort=': number(null),
  ' (requestId: ': word('textId'),
  '"endpoint":"': word(null),
  '"peer":"': word(null),
  '"lastFrameId":"': word(null),
  '"frameId":"': word(null),
  '"date":"': word(null),
}

/** As the file sink writes the colours of a gateway that was started in a terminal. */
const colour = String.raw`(?:\\u001b\[\d+m)*`
const colours = new RegExp(colour, 'g')

const patternOf = (key: string): string =>
  key.endsWith('=') ? ` ${colour}${key.slice(1, -1)}${colour}=${colour}` : key.replace('(', '\\(')

const changing = new RegExp(`(${Object.keys(kinds).map(patternOf).join('|')})([^"\\\\ ,})]+)`, 'g')

/** A value of a line, and where it stands. */
type Found = Kind & {start: number; end: number}

export type Values = readonly Found[]

/** Up to the time; of a line that has none, none. What comes a second time tells nothing. */
export const valuesIn = (raw: string): Found[] => {
  const found: Found[] = []
  const keys = new Set<string>()
  for (const {0: all, 1: key = '', 2: written = '', index} of raw.matchAll(changing)) {
    const kind = kinds[key.replace(colours, '')]
    const end = index + all.length
    if (kind === undefined || keys.has(key)) continue
    keys.add(key)
    const isRepeated = found.some(({name}) => name === kind.name)
    found.push({form: kind.form, name: isRepeated ? null : kind.name, start: end - written.length, end})
    if (kind.name === 'time') return found
  }
  return []
}

/** Each value gets another one, and none gets that of its neighbour. */
const otherThan = (written: string, {form, name}: Kind, nth: number): string => {
  if (name === 'time') return `2001-02-03T04:05:06.789${written.slice(23)}`
  const other = written.replace(/[0-9a-f]/g, letter => ((Number.parseInt(letter, 16) + nth + 1) % 10).toString())
  if (form === 'number') return `1${other}`
  return name === 'conn' ? other : `${other}x`
}

/** The same line with other values, to try a pattern on. */
export const withOtherValues = (raw: string, values: Values): string =>
  values.reduceRight(
    (line, found, nth) =>
      line.slice(0, found.start) + otherThan(line.slice(found.start, found.end), found, nth) + line.slice(found.end),
    raw,
  )
