import {Secret} from '../../domain/secret.ts'
import {
  isRemoteKey,
  type SecretKeys,
  secretKeys,
  type TokenReference,
  type TokenSetup,
  tokenKey,
} from '../../domain/token/copy.ts'
import {isFields, valueAt} from '../json.ts'
import {parseJson5} from '../json5.ts'
import {readTokenReference} from './env-file.ts'

/** A value at one of the keys under which a config holds a token. */
export type ConfigToken = {
  key: string
  at: readonly string[]
  /** Null where a SecretRef stands. A template is here as it is written. */
  written: Secret | null
  reference: TokenReference | null
  raw: unknown
}

export type Include = {at: readonly string[]; files: readonly string[]; mixed: boolean}

export type ConfigFile = {tokens: ConfigToken[]; includes: Include[]; tree: unknown} | {problem: string}

const isOn = (path: readonly string[], expected: readonly string[]): boolean =>
  path.every((key, i) => key === expected[i]) || expected.every((key, i) => key === path[i])

const expectedPaths: readonly (readonly string[])[] = [
  ...[secretKeys('token'), secretKeys('password')].flatMap(({auth, remote}) => [auth.split('.'), remote.split('.')]),
  ['env'],
  ['secrets'],
]

const strings = (value: unknown): string[] => [value].flat().filter(one => typeof one === 'string')

/** The includes that may bring a token with them; `base` is where the file itself is included. */
const includesIn = (tree: unknown, base: readonly string[], at: readonly string[] = []): Include[] => {
  if (!isFields(tree)) return []
  const path = [...base, ...at]
  if (!expectedPaths.some(expected => isOn(path, expected))) return []
  const files = strings(tree['$include'])
  const own =
    files.length > 0 ? [{at: path, files, mixed: path.length === 0 || Object.keys(tree).length > 1 || files.length > 1}] : []
  return [...own, ...Object.keys(tree).flatMap(key => includesIn(tree[key], base, [...at, key]))]
}

const tokenAt = (tree: unknown, at: readonly string[], key: string, release: string | null): ConfigToken[] => {
  const raw = valueAt(tree, at)
  const reference = readTokenReference(raw, release)
  if (raw === undefined || raw === null || (typeof raw !== 'string' && reference === null)) return []
  return [{key, at, written: typeof raw === 'string' ? new Secret(raw) : null, reference, raw}]
}

/** Where `gateway.remote.token` is sent to, as the config says. */
export const remoteUrlIn = (tree: unknown, {key}: Pick<ConfigToken, 'key'>): string | null =>
  isRemoteKey(key) ? text(valueAt(tree, ['gateway', 'remote', 'url'])) : null

const startsWith = (path: readonly string[], base: readonly string[]): boolean => base.every((key, i) => path[i] === key)

const inFile = (tree: unknown, path: readonly string[], base: readonly string[], release: string | null): ConfigToken[] =>
  startsWith(path, base) ? tokenAt(tree, path.slice(base.length), path.join('.'), release) : []

/** `env.vars.NAME`, and `env.NAME` beside it. */
const variablePaths = (names: readonly string[]): string[][] =>
  names.flatMap(name => [
    ['env', 'vars', name],
    ['env', name],
  ])

export const readConfigFile = (
  text: string,
  {
    base = [],
    names = [],
    release,
    keys = secretKeys(null),
  }: {base?: readonly string[]; names?: readonly string[]; release: string | null; keys?: SecretKeys},
): ConfigFile => {
  const parsed = parseJson5(text)
  if ('problem' in parsed) return parsed
  if (!isFields(parsed.value)) return {problem: 'it is not an object'}
  const paths = [keys.auth.split('.'), keys.remote.split('.'), ...variablePaths(names)]
  const tokens = paths.flatMap(path => inFile(parsed.value, path, base, release))
  return {tokens, includes: includesIn(parsed.value, base), tree: parsed.value}
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const emptySetup: TokenSetup = {
  authMode: null,
  gatewayMode: null,
  reloadMode: null,
  include: 'none',
  tls: false,
  certPath: null,
  problem: null,
}

/** What the whole config, includes merged, says around the token. */
export const setupOf = (tree: unknown, includes: readonly Include[]): TokenSetup => {
  const enclosing = includes.filter(({at}) => isOn(at, tokenKey.split('.')))
  return {
    authMode: text(valueAt(tree, ['gateway', 'auth', 'mode'])),
    gatewayMode: text(valueAt(tree, ['gateway', 'mode'])),
    reloadMode: text(valueAt(tree, ['gateway', 'reload', 'mode'])),
    include: enclosing.length === 0 ? 'none' : enclosing.some(({mixed}) => mixed) ? 'mixed' : 'whole',
    tls: valueAt(tree, ['gateway', 'tls', 'enabled']) === true,
    certPath: text(valueAt(tree, ['gateway', 'tls', 'certPath'])),
    problem: null,
  }
}

/** As OpenClaw merges an include: deeply, what comes later wins. */
export const mergeConfig = (below: unknown, above: unknown): unknown => {
  if (!isFields(below) || !isFields(above)) return above === undefined ? below : above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries(Array.from(keys, key => [key, mergeConfig(below[key], above[key])]))
}
