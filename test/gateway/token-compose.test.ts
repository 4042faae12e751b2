import {describe, expect, test} from 'vitest'
import {readCompose} from '../../src/gateway/token/compose.ts'

const name = 'OPENCLAW_GATEWAY_TOKEN'

const official = `services:
  openclaw-gateway:
    image: \${OPENCLAW_IMAGE:-openclaw:local}
    environment:
      HOME: /home/node
      ${name}: \${${name}}
    command: ["node", "dist/index.js", "gateway", "--bind", "lan", "--port", "18789"]
  openclaw-cli:
    environment:
      ${name}: \${${name}}
`

const variables = (text: string): unknown[] =>
  readCompose(text).variables.map(({service, value, from}) => [service, value?.reveal() ?? null, from])

const inService = (environment: string): string => `services:\n  gw:\n    image: openclaw\n    environment:\n${environment}\n`

test('the official file hands the variable of .env to both services', () => {
  expect(variables(official)).toEqual([
    ['openclaw-gateway', null, name],
    ['openclaw-cli', null, name],
  ])
  expect(readCompose(official)).toMatchObject({namesOpenclaw: true, envFiles: [], flag: null})
})

test.each([
  ['a literal', `      ${name}: abc`, 'abc', null],
  ['in quotes', `      ${name}: "abc" # mine`, 'abc', null],
  ['in a list', `      - ${name}=abc # mine`, 'abc', null],
  ['a list item in quotes', `      - "${name}=abc"`, 'abc', null],
  ['quotes in a list belong to the value', `      - ${name}="abc"`, '"abc"', null],
  ['only its name', `      - ${name}`, null, name],
  ['another variable', `      ${name}: $GW_TOKEN`, null, 'GW_TOKEN'],
  ['a default', `      ${name}: \${GW_TOKEN:-changeme}`, 'changeme', 'GW_TOKEN'],
  ['it must be there', `      ${name}: \${GW_TOKEN:?set it}`, null, 'GW_TOKEN'],
  ['the name in quotes', `      "${name}": 'a''b'`, "a'b", null],
])('%s', (_, line, value, from) => expect(variables(inService(line))).toEqual([['gw', value, from]]))

test('a comment is none', () => {
  expect(variables(inService(`      # ${name}: abc`))).toEqual([])
})

describe('--token in the command', () => {
  test.each([
    ['a list', '    command: ["gateway", "--token", "abc", "--port", "1"]'],
    ['a string', '    command: openclaw gateway run --token abc --port 1'],
    ['one word', '    command: ["gateway", "--token=abc"]'],
    ['lines', '    command:\n      - gateway\n      - --token\n      - abc\n      - --port'],
  ])('%s', (_, text) => expect(readCompose(`services:\n  gw:\n${text}\n`).flag?.reveal()).toBe('abc'))

  test('none', () => expect(readCompose('services:\n  gw:\n    # --token abc\n    command: ["gateway"]\n').flag).toBe(null))
})

test.each([
  ['one', '    env_file: .env', ['.env']],
  ['a list', '    env_file:\n      - .env\n      - "./more.env"\n    ports:\n      - 1:1', ['.env', './more.env']],
  ['with paths', '    env_file:\n      - path: ./a.env\n        required: false\n      - path: b.env', ['./a.env', 'b.env']],
  ['inline', '    env_file: [a.env, "b.env"]', ['a.env', 'b.env']],
])('env_file: %s', (_, text, files) => expect(readCompose(`services:\n  gw:\n${text}\n`).envFiles).toEqual(files))
