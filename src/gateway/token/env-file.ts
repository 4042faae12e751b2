import type {Failure} from '../../domain/failure.ts'
import {isSince} from '../../domain/release.ts'
import {Secret} from '../../domain/secret.ts'
import type {TokenReference} from '../../domain/token/copy.ts'
import {isFields} from '../json.ts'

/** `dotenv` is also what a shell sources, as far as a token goes; systemd knows neither `export` nor comments behind a value. */
export type EnvDialect = 'dotenv' | 'systemd'

/** A line that sets a variable: where its value stands, quotes included, and what it means. */
type EnvLine = {key: string; value: Secret; start: number; end: number; line: number}

/** Blanks are those of one line: to JavaScript a line begins behind U+2028 too, and a run of them would be read from each. */
const patterns: Readonly<Record<EnvDialect, RegExp>> = {
  dotenv:
    /^[^\S\r\n\u2028\u2029]*(?:export[^\S\r\n\u2028\u2029]+)?([\w.-]+)(?:[^\S\r\n\u2028\u2029]*=[^\S\r\n\u2028\u2029]*|:[^\S\r\n\u2028\u2029]+)('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]+)?[^\S\r\n\u2028\u2029]*(?:#[^\r\n]*)?$/dgm,
  systemd:
    /^[^\S\r\n\u2028\u2029]*(?![#;])([A-Za-z_]\w*)[^\S\r\n\u2028\u2029]*=[^\S\r\n\u2028\u2029]*("(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\r\n]*)?[^\S\r\n\u2028\u2029]*$/dgm,
}

const meaning = (raw: string): string => {
  const value = raw.trim()
  const quote = value[0]
  if (value.length < 2 || (quote !== '"' && quote !== "'" && quote !== '`') || !value.endsWith(quote)) return value
  const inside = value.slice(1, -1)
  return quote === '"' ? inside.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\"', '"') : inside
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

export const readEnvFile = (text: string, dialect: EnvDialect): EnvLine[] =>
  Array.from(text.matchAll(patterns[dialect]), match => {
    const [start, end] = match.indices?.[2] ?? [match.index + match[0].length, match.index + match[0].length]
    return {key: match[1] ?? '', value: new Secret(meaning(match[2] ?? '')), start, end, line: lineAt(text, match.index)}
  })

const plain = /^[\w.~+/:@%^,=-]+$/

const written = (value: string, raw: string): string | null => {
  const quote = /^\s*(["'`])/.exec(raw)?.[1] ?? ''
  if (/[\r\n]/.test(value)) return null
  if (quote === '' ? plain.test(value) : !value.includes(quote) && !/[\\$]/.test(value)) return `${quote}${value}${quote}`
  return value.includes("'") ? null : `'${value}'`
}

const isSameButOne = (a: readonly EnvLine[], b: readonly EnvLine[], at: number, value: string): boolean =>
  a.length === b.length &&
  b.every(({key, value: now}, i) => key === a[i]?.key && now.reveal() === (i === at ? value : a[i]?.value.reveal()))

/** The text with one variable changed, in its last line where there are several; everything else stays byte by byte. */
export const withVariable = (
  text: string,
  key: string,
  value: string,
  dialect: EnvDialect,
): {text: string} | {problem: Failure} => {
  const lines = readEnvFile(text, dialect)
  const at = lines.findLastIndex(line => line.key === key)
  const line = lines[at]
  const refuse = (title: string): {problem: Failure} => ({problem: {title, tryThis: 'change it by hand', from: 'gateway'}})
  if (line === undefined) return refuse(`There is no ${key} to replace`)
  const raw = text.slice(line.start, line.end)
  const fresh = written(value, raw)
  if (fresh === null) return refuse(`${key} cannot hold this value in this file`)
  const edited = `${text.slice(0, line.start)}${fresh}${raw.slice(raw.trimEnd().length)}${text.slice(line.end)}`
  return isSameButOne(lines, readEnvFile(edited, dialect), at, value)
    ? {text: edited}
    : refuse(`${key} cannot be replaced safely: the file is written in a way gatecrab does not edit`)
}

const template = /(?<!\$)\$\{([A-Z_][A-Z0-9_]*)\}/
const shorthand = /^\$([A-Z][A-Z0-9_]{0,127})$/

const ofText = (text: string, release: string | null): TokenReference | null => {
  const filledIn = template.exec(text)?.[1]
  if (filledIn !== undefined) return {how: 'template', source: 'env', name: filledIn}
  const name = isSince(release, '2026.3.13') ? shorthand.exec(text.trim())?.[1] : undefined
  return name === undefined ? null : {how: 'secret-ref', source: 'env', name}
}

/** The reference instead of a token, or null for a plain token. `$NAME` counts as one wherever SecretRefs do. */
export const readTokenReference = (value: unknown, release: string | null): TokenReference | null => {
  if (typeof value === 'string') return ofText(value, release)
  if (!isFields(value)) return null
  const {source, id} = value
  if (typeof id !== 'string' || (source !== 'env' && source !== 'file' && source !== 'exec' && source !== 'store')) return null
  return {how: 'secret-ref', source, name: id}
}

/** A template may have more text around it; `$${NAME}` stands for the characters `${NAME}`. */
export const fillIn = (text: string, variable: (name: string) => string | null): string | null => {
  let missing = false
  const filled = text.replace(/\$?\$\{([A-Z_][A-Z0-9_]*)\}/g, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    const value = variable(name)
    missing ||= value === null
    return value ?? ''
  })
  return missing ? null : filled
}

type FileProvider = {path: string; mode: 'json' | 'singleValue'}

/** The provider that a SecretRef names, or the default of its source. */
export const providerOf = (config: unknown, ref: unknown): {alias: string; fields: Readonly<Record<string, unknown>>} => {
  const {source, provider} = isFields(ref) ? ref : {}
  const secrets = isFields(config) && isFields(config['secrets']) ? config['secrets'] : {}
  const defaults = isFields(secrets['defaults']) ? secrets['defaults'] : {}
  const alias = typeof provider === 'string' ? provider : String(defaults[String(source)] ?? 'default')
  const found = isFields(secrets['providers']) ? secrets['providers'][alias] : undefined
  return {alias, fields: isFields(found) ? found : {}}
}

export const fileProvider = (config: unknown, ref: unknown): FileProvider | null => {
  const {path, mode} = providerOf(config, ref).fields
  return typeof path === 'string' ? {path, mode: mode === 'singleValue' ? 'singleValue' : 'json'} : null
}

/** RFC 6901, objects only: a token is never in a list. */
export const pointerPath = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
