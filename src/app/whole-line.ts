import {clean} from '../domain/clean.ts'
import {withoutSecrets} from '../domain/redact.ts'
import type {ShownLine} from './rows/rows.ts'

/** One line of the log, whole: `raw` is null until it is read, and where its file is gone. */
export type WholeLine = {
  kind: 'line'
  line: ShownLine
  raw: string | null
  isWrapped: boolean
  left: number
  top: number
}

const maxChars = 200_000

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** JSON a value a line, anything else as it stands, but for secrets and what can move the cursor of a terminal. */
export const wholeLineTexts = ({raw, line}: Pick<WholeLine, 'raw' | 'line'>): string[] => {
  const text = (raw ?? line.text).slice(0, maxChars)
  const json = parsed(text)
  const lines = typeof json === 'object' && json !== null ? JSON.stringify(json, null, 2).split('\n') : [text]
  return lines.map(one => withoutSecrets(clean(one, maxChars)))
}

export const wholeLineTitle = ({line, raw}: WholeLine): string =>
  `${clean(line.from.file)}:${line.from.line}${raw === null ? ' (only its text: the file cannot be read there)' : ''}`

const step = 20

const changes: Readonly<Record<string, (shown: WholeLine) => WholeLine>> = {
  w: shown => ({...shown, isWrapped: !shown.isWrapped, left: 0, top: 0}),
  l: shown => ({...shown, isWrapped: false, left: shown.left + step}),
  h: shown => ({...shown, isWrapped: false, left: Math.max(0, shown.left - step)}),
}

const keys: Readonly<Record<string, string>> = {right: 'l', left: 'h'}

/** Null where the key means nothing special to a line. */
export const pressedOnLine = (shown: WholeLine, key: string): WholeLine | null => changes[keys[key] ?? key]?.(shown) ?? null

export const wholeLineKeys = ({isWrapped}: WholeLine): string =>
  `w ${isWrapped ? 'one line each' : 'wraps'}  h l sideways  j k scroll  y copies  any other key closes`
