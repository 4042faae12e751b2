import {clean} from '../domain/clean.ts'
import type {Failure} from '../domain/failure.ts'
import {nearest} from '../domain/nearest.ts'
import {redact} from '../domain/redact.ts'
import {isFields} from '../gateway/json.ts'
import {parseJson5} from '../gateway/json5.ts'
import {keyLines} from './key-lines.ts'
import {keyOf, type SettingName, settingNames} from './keys.ts'

export type SettingValue = string | boolean | readonly string[] | Readonly<Record<string, string>>

/** What one file says: what of it is valid, where that stands, and what is wrong with the rest. */
export type Settings = {
  file: string | null
  values: Readonly<Partial<Record<SettingName, SettingValue>>>
  lines: Readonly<Partial<Record<SettingName, number>>>
  mistakes: readonly Failure[]
}

const emptySettings: Settings = {file: null, values: {}, lines: {}, mistakes: []}

const example = '`gatecrab config --example` prints a file with all of them'

const shown = (value: unknown): string => `“${redact(clean(typeof value === 'string' ? value : JSON.stringify(value), 40))}”`

const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase()

/** `on-change` and `onchange` are onChange with a slip in it. */
const meant = (name: string): string | null =>
  settingNames.find(
    known => plain(known) === plain(name) || plain(known) === `${plain(name)}s` || `${plain(known)}s` === plain(name),
  ) ?? nearest(name, settingNames)

type Place = {file: string; lines: ReadonlyMap<string, number>}

const at = ({file, lines}: Place, key: string): string => {
  const line = lines.get(key)
  return `(${file}${line === undefined ? '' : `:${line}`})`
}

const unknownKey = (name: string, place: Place): Failure => {
  const near = meant(name)
  return {
    title: `Unknown setting ${clean(name, 40)} ${at(place, name)}`,
    because: 'it is left out; the others count',
    tryThis: near === null ? example : `Did you mean ${near}?`,
    from: 'you',
  }
}

const wrongValue = (name: SettingName, key: string, value: unknown, place: Place): Failure => {
  const {takes, words = []} = keyOf(name)
  const near = typeof value === 'string' ? nearest(value, words) : null
  return {
    title: `Setting ${clean(key, 80)} is left out ${at(place, key)}`,
    because: `it takes ${takes}, not ${shown(value)}`,
    tryThis: near === null ? example : `Did you mean ${near}?`,
    from: 'you',
  }
}

type Read = {value: SettingValue | null; mistakes: Failure[]}

const readItems = (name: SettingName, entries: readonly (readonly [string, unknown])[], place: Place) => {
  const {schema} = keyOf(name)
  const read = entries.map(([key, value]) => ({key, value, result: schema.safeParse(value)}))
  return {
    good: read.flatMap(({key, result}) => (result.success ? [[key, String(result.data)] as const] : [])),
    mistakes: read.flatMap(({key, value, result}) => (result.success ? [] : [wrongValue(name, `${name}.${key}`, value, place)])),
  }
}

const readValue = (name: SettingName, value: unknown, place: Place): Read => {
  const {kind, schema} = keyOf(name)
  if (kind === 'list') {
    if (!Array.isArray(value)) return {value: null, mistakes: [wrongList(name, value, 'a list', place)]}
    const {good, mistakes} = readItems(
      name,
      value.map((item, i) => [String(i), item] as const),
      place,
    )
    return {value: [...new Set(good.map(([, item]) => item))], mistakes}
  }
  if (kind === 'named') {
    if (!isFields(value)) return {value: null, mistakes: [wrongList(name, value, 'an object', place)]}
    const {good, mistakes} = readItems(name, Object.entries(value), place)
    return {value: Object.fromEntries(good), mistakes}
  }
  const result = schema.safeParse(value)
  return result.success ? {value: result.data, mistakes: []} : {value: null, mistakes: [wrongValue(name, name, value, place)]}
}

const wrongList = (name: SettingName, value: unknown, form: string, place: Place): Failure => ({
  ...wrongValue(name, name, value, place),
  because: `it takes ${form}, such as ${keyOf(name).example}, not ${shown(value)}`,
})

const unread = (file: string, because: string): Failure => ({
  title: `${file} is not read`,
  because,
  tryThis: 'mend it there; until then flags and defaults hold. `gatecrab config --example` prints a file that is right',
  from: 'you',
})

/** A mistake costs what it is about and nothing else. */
export const readSettings = (text: string, file: string): Settings => {
  const parsed = parseJson5(text)
  if ('problem' in parsed) {
    const [, line] = / at (\d+):\d+$/.exec(parsed.problem) ?? []
    const where = line === undefined ? file : `${file}:${line}`
    return {...emptySettings, file, mistakes: [unread(where, `it is no JSON5: ${clean(parsed.problem, 120)}`)]}
  }
  if (!isFields(parsed.value)) return {...emptySettings, file, mistakes: [unread(file, 'it is no object: { … }')]}
  const place: Place = {file, lines: keyLines(text)}
  const values: Partial<Record<SettingName, SettingValue>> = {}
  const lines: Partial<Record<SettingName, number>> = {}
  const mistakes: Failure[] = []
  for (const [key, value] of Object.entries(parsed.value)) {
    const name = settingNames.find(known => known === key)
    if (name === undefined) {
      mistakes.push(unknownKey(key, place))
      continue
    }
    const read = readValue(name, value, place)
    mistakes.push(...read.mistakes)
    if (read.value === null) continue
    values[name] = read.value
    const line = place.lines.get(key)
    if (line !== undefined) lines[name] = line
  }
  return {file, values, lines, mistakes}
}
