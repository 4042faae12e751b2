import {isSince} from '../../domain/release.ts'
import type {TokenReference} from '../../domain/token/copy.ts'
import {isFields} from '../json.ts'

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

export type FileProvider = {path: string; mode: 'json' | 'singleValue'}

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
