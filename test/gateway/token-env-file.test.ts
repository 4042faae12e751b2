import {expect, test} from 'vitest'
import {readEnvFile, withVariable} from '../../src/gateway/token/env-file.ts'
import {envText} from './config-samples.ts'

const key = 'OPENCLAW_GATEWAY_TOKEN'
const old = 'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc'
const fresh = '0123456789abcdef0123456789abcdef0123456789abcdef'

const values = (text: string, dialect: 'dotenv' | 'systemd' = 'dotenv'): string[] =>
  readEnvFile(text, dialect)
    .filter(line => line.key === key)
    .map(({value}) => value.reveal())

const edited = (text: string, value = fresh, dialect: 'dotenv' | 'systemd' = 'dotenv'): string => {
  const result = withVariable(text, key, value, dialect)
  if ('problem' in result) throw new Error(result.problem.title)
  return result.text
}

test.each([
  ['bare', `${key}=abc`, 'abc'],
  ['quoted', `${key}="abc"`, 'abc'],
  ['single quotes', `${key}='a b#c'`, 'a b#c'],
  ['exported', `export ${key}='abc'`, 'abc'],
  ['a comment behind it', `${key}=abc # mine`, 'abc'],
  ['spaces around', `  ${key} = abc  `, 'abc'],
  ['quotes only at one end stay', `${key}="abc`, '"abc'],
  ['nothing', `${key}=`, ''],
  ['Windows line ends', `A=1\r\n${key}=abc\r\nB=2\r\n`, 'abc'],
  ['a colon', `${key}: abc`, 'abc'],
])('a dotenv value: %s', (_, text, value) => expect(values(text)).toEqual([value]))

test('what only looks like it is none of it', () => {
  expect(values(`# ${key}=abc\n${key}_OLD=abc\nX${key}=abc\nA="\n${key}=abc\n"`)).toEqual([])
})

test('systemd takes a line as it is: a # behind a value belongs to it', () => {
  expect(values(`${key}=abc # mine\n; ${key}=no\n# ${key}=no`, 'systemd')).toEqual(['abc # mine'])
  expect(values(`${key}="abc"`, 'systemd')).toEqual(['abc'])
})

test('whatever the file looks like, only the last value changes', () => {
  for (let seed = 1; seed <= 2000; seed += 1) {
    const text = envText(seed, key, seed % 3 === 0 ? ['first', old] : [old])
    const at = text.lastIndexOf(old)
    const result = edited(text)
    expect(result, `seed ${seed}`).toBe(text.slice(0, at) + fresh + text.slice(at + old.length))
    expect(values(result).at(-1)).toBe(fresh)
  }
})

test('a value that needs quotes gets them, and one that fits nowhere is refused', () => {
  expect(edited(`${key}=abc`, 'a b#c')).toBe(`${key}='a b#c'`)
  expect(edited(`${key}="abc" # mine`, 'a"b')).toBe(`${key}='a"b' # mine`)
  expect(withVariable(`${key}=abc`, key, 'a\nb', 'dotenv')).toMatchObject({
    problem: {title: `${key} cannot hold this value in this file`},
  })
  expect(withVariable('A=1', key, fresh, 'dotenv')).toMatchObject({problem: {title: `There is no ${key} to replace`}})
})

test('line separators that no file has are no work, and begin no line', () => {
  const text = `A=1\n${'\u2028'.repeat(200_000)}x\n${key}=abc\n`
  for (const dialect of ['dotenv', 'systemd'] as const) expect(values(text, dialect)).toEqual(['abc'])
})

test('many blanks within a value are no work, and stay', () => {
  const blanks = ' '.repeat(300_000)
  expect(edited(`${key}="a${blanks}b" ${blanks}# ours`, 'c')).toBe(`${key}="c" ${blanks}# ours`)
})

test('an empty value is filled, in both forms', () => {
  expect(edited(`${key}=\nA=1`)).toBe(`${key}=${fresh}\nA=1`)
  expect(edited(`${key}=""\nA=1`)).toBe(`${key}="${fresh}"\nA=1`)
  expect(edited(`${key}=`, fresh, 'systemd')).toBe(`${key}=${fresh}`)
})
