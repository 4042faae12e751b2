import path from 'node:path'
import {Secret} from '../../domain/secret.ts'
import {isAuthKey, isRemoteKey, secretKeys, type TokenReference, type TokenSetup} from '../../domain/token/copy.ts'
import type {PlaceId} from '../../domain/token/places.ts'
import {isFields, valueAt} from '../../gateway/json.ts'
import {sharedPlace} from '../../gateway/logins/store.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {
  type ConfigToken,
  emptySetup,
  type Include,
  mergeConfig,
  readConfigFile,
  remoteUrlIn,
  setupOf,
} from '../../gateway/token/config.ts'
import {fileProvider, pointerPath, providerOf} from '../../gateway/token/env-file.ts'
import {type FileContent, isFileContent, readWhole, tokenDigest, type Unread} from './file.ts'
import {createFound, type FoundToken} from './found.ts'
import {storedSecret} from './secret-store.ts'

/** One file of the config, and where in the whole it belongs. */
type ConfigPart = {seen: FileContent; base: readonly string[]}

export type ConfigFiles = {
  /** What is heard least comes first: an included file before the one that includes it. */
  parts: ConfigPart[]
  tree: unknown
  setup: TokenSetup
  unread: Unread | null
  /** Included files that cannot be read: OpenClaw refuses the whole config for them. */
  unreadIncludes: readonly UnreadInclude[]
}

type UnreadInclude = {file: string; unread: Unread}

type Loading = {release: string | null; includes: Include[]; parts: ConfigPart[]; unread: UnreadInclude[]}

const maxDepth = 10

const putAt = (tree: unknown, at: readonly string[], value: unknown): unknown => {
  const [key, ...rest] = at
  if (key === undefined) return value
  return {...(isFields(tree) ? tree : {}), [key]: putAt(isFields(tree) ? tree[key] : undefined, rest, value)}
}

const withIncluded = async (
  tree: unknown,
  include: Include,
  {seen, base}: ConfigPart,
  loading: Loading,
  depth: number,
): Promise<unknown> => {
  const rel = include.at.slice(base.length)
  let below: unknown
  for (const file of include.files) {
    const whole = path.resolve(path.dirname(seen.file), file)
    const loaded = await load(whole, include.at, loading, depth + 1)
    if ('tree' in loaded) below = mergeConfig(below, loaded.tree)
    else loading.unread.push({file: whole, unread: loaded})
  }
  const {$include: _, ...own} = (valueAt(tree, rel) ?? {}) as Record<string, unknown>
  return putAt(tree, rel, mergeConfig(below, own))
}

const load = async (
  file: string,
  base: readonly string[],
  loading: Loading,
  depth: number,
): Promise<{tree: unknown} | Unread> => {
  if (depth > maxDepth) return {missing: false, because: 'its includes lead in a circle'}
  const seen = await readWhole(file)
  if (!isFileContent(seen)) return seen
  const config = readConfigFile(seen.text, {base, release: loading.release})
  if ('problem' in config) return {missing: false, because: config.problem, broken: true}
  const part = {seen, base}
  let {tree} = config
  for (const include of config.includes) {
    loading.includes.push(include)
    tree = await withIncluded(tree, include, part, loading, depth)
  }
  loading.parts.push(part)
  return {tree}
}

/** What opens /hooks, to be compared with what the gateway asks for. */
const hooksDigest = (tree: unknown): string | null => {
  const hooks = valueAt(tree, ['hooks'])
  const token = isFields(hooks) && hooks['enabled'] !== false ? hooks['token'] : null
  return typeof token === 'string' && token.trim() !== '' ? tokenDigest(new Secret(token)) : null
}

export const loadConfig = async (file: string, release: string | null): Promise<ConfigFiles> => {
  const loading: Loading = {release, includes: [], parts: [], unread: []}
  const loaded = await load(file, [], loading, 0)
  if (!('tree' in loaded)) {
    const setup = {...emptySetup, problem: loaded.missing ? null : loaded.because}
    return {parts: [], tree: {}, setup, unread: loaded, unreadIncludes: []}
  }
  const [first] = loading.unread
  const setup = {
    ...setupOf(loaded.tree, loading.includes),
    hooksDigest: hooksDigest(loaded.tree),
    problem: first ? `${path.basename(first.file)}: ${first.unread.because}` : null,
  }
  return {parts: loading.parts, tree: loaded.tree, setup, unread: null, unreadIncludes: loading.unread}
}

const inWords = (reference: TokenReference, raw: unknown, tree: unknown): string => {
  if (reference.source === 'env') return `env ${reference.name}`
  if (reference.source === 'file') return `file ${fileProvider(tree, raw)?.path ?? reference.name}`
  return `${reference.source} ${providerOf(tree, raw).alias} ${reference.name}`
}

const placeOf = (key: string, isRoot: boolean): PlaceId => {
  if (isRemoteKey(key)) return 'remote-config'
  if (!isAuthKey(key)) return 'config-env'
  return isRoot ? 'config' : 'include'
}

const asFound = ({key, at, written, reference, raw}: ConfigToken, {seen, base}: ConfigPart, tree: unknown): FoundToken =>
  createFound(placeOf(key, base.length === 0), seen.path, key, {
    value: written,
    at,
    file: seen,
    reference,
    pointsTo: reference && inWords(reference, raw, tree),
    meant: remoteUrlIn(tree, {key}),
  })

const shadowEarlier = (all: readonly FoundToken[]): FoundToken[] =>
  all.map((one, i) => ({...one, shadowed: all.slice(i + 1).some(({key}) => key === one.key)}))

const whyUnread = ({because, broken}: Unread): Partial<FoundToken> =>
  broken ? {unreadable: '', problems: [{id: 'not-understood', what: because}]} : {unreadable: because}

/** The tokens of the config itself: its own, `gateway.remote.token`, and the variables that it sets. */
export const configCopies = (
  config: ConfigFiles,
  file: string,
  names: readonly string[],
  release: string | null,
): FoundToken[] => {
  const keys = secretKeys(config.setup.authMode)
  if (config.unread !== null && !config.unread.missing) return [createFound('config', file, keys.auth, whyUnread(config.unread))]
  const all = config.parts.flatMap(part => {
    const read = readConfigFile(part.seen.text, {base: part.base, names, release, keys})
    return 'problem' in read ? [] : read.tokens.map(token => asFound(token, part, config.tree))
  })
  const unset = all.some(({key}) => key === keys.auth) ? [] : [createFound('config', file, keys.auth)]
  const unread = config.unreadIncludes.map(one => createFound('include', one.file, keys.auth, whyUnread(one.unread)))
  return [...unset, ...shadowEarlier(all), ...unread]
}

export const referencesIn = (copies: readonly FoundToken[]): TokenReference[] => copies.flatMap(({reference}) => reference ?? [])

const secretIn = (text: string, mode: 'json' | 'singleValue', pointer: string): Secret | null => {
  if (mode === 'singleValue') return new Secret(text.replace(/\r?\n$/, ''))
  try {
    const value = valueAt(JSON.parse(text), pointerPath(pointer))
    return typeof value === 'string' ? new Secret(value) : null
  } catch {
    return null
  }
}

const fromHome = (file: string, home: string): string =>
  file.startsWith('~/') ? path.join(home, file.slice(1)) : path.resolve(file)

const behindFile = async (raw: unknown, name: string, tree: unknown, hostEnv: HostEnv): Promise<FoundToken[]> => {
  const provider = fileProvider(tree, raw)
  if (provider === null) return []
  const file = fromHome(provider.path, hostEnv.home)
  const seen = await readWhole(file)
  if (!isFileContent(seen)) return [createFound('secret-file', file, name, seen.missing ? {} : {unreadable: seen.because})]
  const at = provider.mode === 'json' ? pointerPath(name) : []
  return [createFound('secret-file', file, name, {value: secretIn(seen.text, provider.mode, name), file: seen, at})]
}

/** What the reference in the config leads to, where that is a file, a program or the store. */
const behindStore = (alias: string, name: string, stateDir: string): FoundToken => {
  const value = storedSecret(sharedPlace(stateDir).db, name)
  return createFound('secret-store', alias, name, value === null ? {unreadable: ''} : {value})
}

export const behindReference = async (
  {tree, setup}: ConfigFiles,
  hostEnv: HostEnv,
  release: string | null,
  stateDir: string,
): Promise<FoundToken[]> => {
  const raw = valueAt(tree, secretKeys(setup.authMode).auth.split('.'))
  const source = isFields(raw) ? raw['source'] : null
  const name = isFields(raw) && typeof raw['id'] === 'string' ? raw['id'] : ''
  if (release !== null && source === null) return []
  if (source === 'file') return behindFile(raw, name, tree, hostEnv)
  const {alias, fields} = providerOf(tree, raw)
  if (source === 'exec') return [createFound('secret-command', String(fields['command'] ?? alias), name, {unreadable: ''})]
  return source === 'store' ? [behindStore(alias, name, stateDir)] : []
}
