import fc from 'fast-check'
import {describe, expect} from 'vitest'
import {Secret} from '../../src/domain/secret.ts'
import {readConfig} from '../../src/gateway/config.ts'
import {valueAt} from '../../src/gateway/json.ts'
import {parseJson5} from '../../src/gateway/json5.ts'
import {profileConfigOf} from '../../src/gateway/logins/config.ts'
import {readExposure} from '../../src/gateway/service/config.ts'
import {readCompose} from '../../src/gateway/token/compose.ts'
import {readConfigFile, setupOf} from '../../src/gateway/token/config.ts'
import {withToken} from '../../src/gateway/token/edit.ts'
import {type EnvDialect, readEnvFile, withVariable} from '../../src/gateway/token/env-file.ts'
import {readSettings} from '../../src/settings/read.ts'
import {configText, envText} from '../gateway/config-samples.ts'
import {unsafeTexts} from '../gateway/unsafe-text.ts'
import {textsIn} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated, words} from './mutations.ts'

const old = 'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc'
const path = ['gateway', 'auth', 'token']
const key = 'OPENCLAW_GATEWAY_TOKEN'

const seeds = Array.from({length: 400}, (_, i) => i + 1)
const configs = [...seeds.map(seed => configText(seed, old).text), ...textsIn('config')]
const tokens = fc.oneof(fc.string({minLength: 1, maxLength: 60}), fc.string({unit: 'binary', maxLength: 20}), words)

/** What differs between two texts, in each of them. */
const difference = (before: string, after: string): {before: string; after: string; start: number; end: number} => {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let tail = 0
  while (tail < Math.min(before.length, after.length) - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const end = before.length - tail
  return {before: before.slice(start, end), after: after.slice(start, after.length - tail), start, end}
}

const withValueAt = (tree: unknown, [at, ...rest]: readonly string[], value: string): unknown =>
  at === undefined ? value : {...(tree as object), [at]: withValueAt((tree as Record<string, unknown>)[at], rest, value)}

const parsed5 = (text: string): unknown => {
  const parsed = parseJson5(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.value
}

const isStringOf = (literal: string, value: unknown): boolean => {
  const parsed = /^["']/.test(literal) ? parseJson5(literal) : null
  return parsed !== null && 'value' in parsed && parsed.value === value
}

/** What was changed lies within one text in quotes, which stood for the old value. */
const isWithinLiteral = (text: string, {start, end}: {start: number; end: number}, value: unknown): boolean => {
  const quotes = Array.from(text.matchAll(/["']/g), ({index}) => index)
  const first = quotes.filter(at => at <= start).slice(-8)
  const last = quotes.filter(at => at >= end - 1).slice(0, 8)
  return first.some(from => last.some(to => to > from && isStringOf(text.slice(from, to + 1), value)))
}

describe('the token of a config', () => {
  fuzz('edit of JSON5', {
    inputs: fc.tuple(mutated(configs, 3), tokens),
    count: 500,
    run: ([text, token]) => withToken(text, path, token),
    check: (edited, [text, token]) => {
      if ('problem' in edited) return
      const before = parsed5(text)
      expect(parsed5(edited.text)).toEqual(withValueAt(before, path, token))
      if (edited.text !== text) expect(isWithinLiteral(text, difference(text, edited.text), valueAt(before, path))).toBe(true)
    },
  })
})

const dialects = fc.constantFrom<EnvDialect>('dotenv', 'systemd')
const environments = seeds.map(seed => envText(seed, key, seed % 3 === 0 ? ['first', old] : [old]))

describe('the token of an environment file', () => {
  fuzz('edit of dotenv', {
    inputs: fc.tuple(mutated(environments, 3), tokens, dialects),
    count: 800,
    run: ([text, token, dialect]) => withVariable(text, key, token, dialect),
    check: (edited, [text, token, dialect]) => {
      if ('problem' in edited) return
      const values = (content: string) => readEnvFile(content, dialect).map(line => [line.key, line.value.reveal()])
      const before = values(text)
      const at = before.findLastIndex(([name]) => name === key)
      expect(values(edited.text)).toEqual(before.with(at, [key, token]))
      const {start, end} = readEnvFile(text, dialect)[at] ?? {start: 0, end: 0}
      expect(edited.text.startsWith(text.slice(0, start))).toBe(true)
      expect(edited.text.endsWith(text.slice(end))).toBe(true)
    },
  })
})

const compose = [
  `services:\n  gateway:\n    image: openclaw/openclaw:2026.9.6\n    environment:\n      - ${key}=${old}\n      - HOME\n    env_file: .env\n    command: ["node", "dist/index.js", "gateway", "--token", "${old}"]\n`,
  `x-env: &env\n  ${key}: "${old}"\nservices:\n  gateway:\n    environment:\n      <<: *env\n      OTHER: 1\n    env_file:\n      - path: ./a.env\n        required: false\n  other:\n    environment: [A=1, '${key}=$\{TOKEN:-x}']\n`,
  `name: oc\nservices: {gateway: {environment: {${key}: $TOKEN}, command: openclaw gateway --token=${old}}}\n`,
]

describe('what is read of a config', () => {
  fuzz('compose file', {
    inputs: mutated(compose),
    count: 200,
    // The parser of YAML takes a tenth of a millisecond for each thing that is wrong.
    isTimed: false,
    run: text => readCompose(text),
    check: ({variables, flag}) => {
      for (const {value} of variables) expect(value === null || value instanceof Secret).toBe(true)
      expect(flag === null || flag instanceof Secret).toBe(true)
    },
  })

  fuzz('config file', {
    inputs: mutated(configs),
    count: 300,
    // Four readers, each with the parser of JSON5, which takes a microsecond a character.
    isTimed: false,
    run: text => {
      const file = readConfigFile(text, {release: '2026.9.6', names: [key]})
      const parsed = parseJson5(text)
      const tree = 'value' in parsed ? parsed.value : null
      const setup = 'problem' in file ? null : setupOf(file.tree, file.includes)
      return {config: readConfig(text), exposure: readExposure(text), logins: profileConfigOf(tree), setup}
    },
    check: ({exposure}) => expect(unsafeTexts(exposure)).toEqual([]),
  })

  fuzz('own settings', {
    inputs: mutated([
      '{logs: ["/var/log/a.jsonl"], theme: "dark", readonly: true, warnAfter: "2d", hosts: ["mini"], keys: {quit: "x"}}',
      '// ours\n{\n  onChange: "notify.sh",\n  filters: {mine: "reason:token"},\n  port: 18789,\n}\n',
    ]),
    count: 300,
    run: text => readSettings(text, 'config.json5'),
    check: settings => expect(unsafeTexts(settings.mistakes)).toEqual([]),
  })
})
