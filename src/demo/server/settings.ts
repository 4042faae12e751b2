import {readFileSync, renameSync, writeFileSync} from 'node:fs'
import {defaultPort} from '../../gateway/config.ts'
import {isFields} from '../../gateway/json.ts'
import {defaultRateLimit, type RateLimit} from './limits.ts'
import {release} from './lines.ts'
import {secretOf} from './secret.ts'

type Fields = Record<string, unknown>

/** What the gateway takes from its `openclaw.json`. */
export type Settings = {
  raw: Fields
  port: number
  token: string | null
  allowedOrigins: string[]
  trustedProxies: string[]
  rateLimit: RateLimit
}

export type ConfigMore = {gateway?: Fields & {auth?: Fields}; [section: string]: unknown}

export const firstConfig = (port: number, logFile: string, token: string, {gateway, ...rest}: ConfigMore = {}): Fields => ({
  meta: {lastTouchedVersion: release},
  gateway: {mode: 'local', bind: 'loopback', port, ...gateway, auth: {mode: 'token', token, ...gateway?.auth}},
  ...rest,
  logging: {file: logFile},
})

const fields = (value: unknown): Fields => (isFields(value) ? value : {})
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const paired: Record<string, readonly string[]> = {
  meta: ['lastTouchedVersion', 'migrations'],
  gateway: [
    'mode',
    'bind',
    'port',
    'auth',
    'controlUi',
    'trustedProxies',
    'allowRealIpFallback',
    'http',
    'reload',
    'remote',
    'tls',
    'nodes',
    'tailscale',
  ],
  logging: ['file', 'level', 'consoleLevel', 'consoleStyle', 'maxFileBytes', 'redactPatterns'],
}

const strangeKey = (raw: Fields): string | null => {
  for (const [section, names] of Object.entries(paired)) {
    const key = Object.keys(fields(raw[section])).find(name => !names.includes(name))
    if (key) return `${section}: Unrecognized key: "${key}"`
  }
  return null
}

/** Node's complaint in the words of the parser that OpenClaw uses. */
const asJson5 = (text: string, error: string): string => {
  const at = /at position (\d+)/.exec(error)?.[1]
  if (at === undefined) return 'SyntaxError: JSON5: invalid end of input'
  const before = text.slice(0, Number(at)).split('\n')
  return `SyntaxError: JSON5: invalid character '${text[Number(at)]}' at ${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

export const readSettings = (text: string, folder: string): Settings | {problem: string} => {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return {problem: `: JSON5 parse failed: ${asJson5(text, String(error))}`}
  }
  if (!isFields(raw)) return {problem: ': Invalid input: expected object'}
  const problem = strangeKey(raw)
  if (problem) return {problem}
  const gateway = fields(raw['gateway'])
  const auth = fields(gateway['auth'])
  return {
    raw,
    port: Number(gateway['port'] ?? defaultPort),
    token: secretOf(raw, folder),
    allowedOrigins: strings(fields(gateway['controlUi'])['allowedOrigins']),
    trustedProxies: strings(gateway['trustedProxies']),
    rateLimit: {...defaultRateLimit, ...fields(auth['rateLimit'])},
  }
}

/** The paths whose values differ; what OpenClaw notes for itself under `meta` is none. */
export const changedPaths = (before: unknown, after: unknown, at = ''): string[] => {
  if (at === 'meta' || JSON.stringify(before) === JSON.stringify(after)) return []
  const isPart = isFields(after) && (isFields(before) || (before === undefined && at.split('.').length < 3))
  if (!isPart) return [at]
  const names = new Set([...Object.keys(fields(before)), ...Object.keys(after)])
  return [...names].flatMap(name => changedPaths(fields(before)[name], after[name], at ? `${at}.${name}` : name))
}

const hot = [
  /^gateway\.auth\./,
  /^gateway\.trustedProxies/,
  /^gateway\.controlUi\.allowedOrigins/,
  /^gateway\.http\./,
  /^gateway\.(remote|reload)\b/,
]

export const needsRestart = (path: string): boolean => path.startsWith('gateway.') && !hot.some(pattern => pattern.test(path))

export const writeConfig = (file: string, config: unknown): void => {
  writeFileSync(`${file}.tmp`, `${JSON.stringify(config, null, 2)}\n`, {mode: 0o600})
  renameSync(`${file}.tmp`, file)
}

/** Calls back with the text of the file whenever it has changed. */
export const watchConfig = (file: string, everyMs: number, changed: (text: string) => void): (() => void) => {
  let last = readFileSync(file, 'utf8')
  const look = (): void => {
    const text = read(file)
    if (text === null || text === last) return
    last = text
    changed(text)
  }
  const timer = setInterval(look, everyMs)
  return () => clearInterval(timer)
}

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
