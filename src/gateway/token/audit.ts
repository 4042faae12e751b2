import {Secret} from '../../domain/secret.ts'
import {remoteKey, tokenKey} from '../../domain/token/copy.ts'
import {isFields, jsonIn, valueAt} from '../json.ts'
import {parseJson5} from '../json5.ts'
import {readTokenReference} from './env-file.ts'

/** What a masked argument looks like: no token, and so no leak. */
const masked = /^(?:\*+|…|<?\[?redacted\]?>?|__OPENCLAW_REDACTED__)$/i

const inJson = (text: string): string[] => {
  const parsed = /^[[{]/.test(text.trim()) ? parseJson5(text) : null
  if (!parsed || 'problem' in parsed) return []
  const entries = Array.isArray(parsed.value) ? parsed.value : []
  const paths = [['token'], ['auth', 'token'], tokenKey.split('.')]
  const found = [
    ...paths.map(path => valueAt(parsed.value, path)),
    ...entries.map(entry =>
      isFields(entry) && (entry['path'] === tokenKey || entry['path'] === remoteKey) ? entry['value'] : null,
    ),
  ]
  return found.filter(value => typeof value === 'string')
}

const afterKey = (argv: readonly string[], at: number): string[] => {
  const [arg = '', next = ''] = [argv[at], argv[at + 1]]
  if (arg === tokenKey || arg === remoteKey) return [next]
  if (arg === '--token' || arg === '--gateway-token') return [next]
  const glued = /^--(?:gateway-)?token=([\s\S]+)$/.exec(arg)?.[1]
  return glued === undefined ? inJson(arg) : [glued]
}

/** `config set` of a string may be given as JSON, quotes and all. */
const bare = (value: string): string => /^"([\s\S]*)"$/.exec(value)?.[1] ?? value

/** The tokens that a line of `config-audit.jsonl` gives away in its argv. */
export const leakedIn = (line: string): Secret[] => {
  const record = jsonIn(line)
  const argv = isFields(record) && Array.isArray(record['argv']) ? record['argv'].map(String) : []
  return argv
    .flatMap((_, i) => afterKey(argv, i))
    .map(bare)
    .filter(
      value =>
        value.trim() !== '' && !value.startsWith('--') && !masked.test(value.trim()) && readTokenReference(value, null) === null,
    )
    .map(value => new Secret(value))
}
