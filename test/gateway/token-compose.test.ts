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

const variables = async (text: string): Promise<unknown[]> =>
  (await readCompose(text)).variables.map(({service, value, from}) => [service, value?.reveal() ?? null, from])

const inService = (environment: string): string => `services:\n  gw:\n    image: openclaw\n    environment:\n${environment}\n`

test('the official file hands the variable of .env to both services', async () => {
  expect(await variables(official)).toEqual([
    ['openclaw-gateway', null, name],
    ['openclaw-cli', null, name],
  ])
  expect(await readCompose(official)).toMatchObject({namesOpenclaw: true, envFiles: [], flag: null})
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
  ['digits, as they are written', `      ${name}: 0123456789`, '0123456789', null],
  ['a folded text', `      ${name}: >-\n        abc`, 'abc', null],
  ['no value', `      ${name}:`, null, name],
  ['the name in quotes', `      "${name}": 'a''b'`, "a'b", null],
])('%s', async (_, line, value, from) => expect(await variables(inService(line))).toEqual([['gw', value, from]]))

test('a comment is none', async () => {
  expect(await variables(inService(`      # ${name}: abc`))).toEqual([])
})

describe('--token in the command', () => {
  test.each([
    ['a list', '    command: ["gateway", "--token", "abc", "--port", "1"]'],
    ['a string', '    command: openclaw gateway run --token abc --port 1'],
    ['one word', '    command: ["gateway", "--token=abc"]'],
    ['lines', '    command:\n      - gateway\n      - --token\n      - abc\n      - --port'],
  ])('%s', async (_, text) => expect((await readCompose(`services:\n  gw:\n${text}\n`)).flag?.reveal()).toBe('abc'))

  test('none', async () =>
    expect((await readCompose('services:\n  gw:\n    # --token abc\n    command: ["gateway"]\n')).flag).toBe(null))
})

test.each([
  ['one', '    env_file: .env', ['.env']],
  ['a list', '    env_file:\n      - .env\n      - "./more.env"\n    ports:\n      - 1:1', ['.env', './more.env']],
  ['with paths', '    env_file:\n      - path: ./a.env\n        required: false\n      - path: b.env', ['./a.env', 'b.env']],
  ['inline', '    env_file: [a.env, "b.env"]', ['a.env', 'b.env']],
])('env_file: %s', async (_, text, files) => expect((await readCompose(`services:\n  gw:\n${text}\n`)).envFiles).toEqual(files))

test.each([
  ['a flow map', `services: {gw: {image: openclaw, environment: {${name}: abc}}}`],
  ['a flow list', `services:\n  gw:\n    environment: [A=b, "${name}=abc"]`],
  ['an anchor', `x-env: &env\n  ${name}: abc\nservices:\n  gw:\n    environment: *env`],
  ['a merge of an anchor', `x-env: &env\n  ${name}: abc\nservices:\n  gw:\n    environment:\n      <<: *env\n      A: b`],
])('a copy in %s is seen', async (_, text) => expect(await variables(text)).toEqual([['gw', 'abc', null]]))

test.each(['{', '? ', '[', '- '])('nothing is read of %j a thousand times behind each other, and it ends', async opening => {
  const {variables} = await readCompose(`services:\n  a:\n    b: ${opening.repeat(1000)}\n`)
  expect(variables).toEqual([])
})

test('what is no YAML, a list, or aliases without end tell nothing, and end', async () => {
  const bomb = `a: &a [x,x]\n${Array.from({length: 30}, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`},*${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}\nservices: *b29`
  for (const text of ['', '{', '- a\n- b', 'services: 1', '\tservices:', bomb])
    expect((await readCompose(text)).variables).toEqual([])
})
