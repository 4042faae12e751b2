import {describe, expect, test} from 'vitest'
import {formatFailure} from '../../src/domain/failure.ts'
import {parseJson5} from '../../src/gateway/json5.ts'
import {exampleSettings} from '../../src/settings/example.ts'
import {keyLines} from '../../src/settings/key-lines.ts'
import {settingNames} from '../../src/settings/keys.ts'
import {readSettings} from '../../src/settings/read.ts'

const file = '/home/me/.config/gatecrab/config.json5'
const read = (text: string) => readSettings(text, file)
const mistakesIn = (text: string): string[] => read(text).mistakes.map(formatFailure)

describe('a settings file', () => {
  test('is read with the line of each setting', () => {
    const {values, lines, mistakes} = read(
      `// mine\n{\n  alert: 'none', /* two\n lines */ "onChange": 'notify',\n  hosts: [\n    'mini', 'mini',\n  ],\n  filters: {\n    nodes: 'mode:node'},\n}`,
    )
    expect(mistakes).toEqual([])
    expect(values).toEqual({alert: 'none', onChange: 'notify', hosts: ['mini'], filters: {nodes: 'mode:node'}})
    expect(lines).toEqual({alert: 3, onChange: 4, hosts: 5, filters: 8})
  })

  test('loses only what is wrong in it, and says the line, what is taken and what was meant', () => {
    const text = `{\n alert: 'titel',\n ascii: 'yes',\n hosts: ['mini',\n '-oProxyCommand=id'],\n filters: {ok: 'x',\n no: 3},\n warnAfter: 'soon',\n openclaw: '/opt/openclaw'}`
    expect(read(text).values).toEqual({hosts: ['mini'], filters: {ok: 'x'}, openclaw: '/opt/openclaw'})
    expect(mistakesIn(text)).toEqual([
      `Setting alert is left out (${file}:2): it takes one of bell, title, osc9, none, not “titel”. Did you mean title?`,
      expect.stringMatching(/^Setting ascii is left out \(.*:3\): it takes true or false, not “yes”/),
      expect.stringMatching(/^Setting hosts\.1 is left out \(.*:5\)/),
      expect.stringMatching(/^Setting filters\.no is left out \(.*:7\)/),
      expect.stringMatching(/^Setting warnAfter is left out \(.*:8\): it takes a length such as 12h/),
    ])
  })

  test.each([
    ['on-change', 'onChange'],
    ['alerts', 'alert'],
    ['host', 'hosts'],
    ['openclow', 'openclaw'],
  ])('takes %j for a slip', (key, meant) =>
    expect(mistakesIn(`{${JSON.stringify(key)}: 'x'}`)).toEqual([
      `Unknown setting ${key} (${file}:1): it is left out; the others count. Did you mean ${meant}?`,
    ]),
  )

  test('that is no JSON5 is refused with its line', () =>
    expect(mistakesIn("{\n alert: 'none',,\n}")).toEqual([
      expect.stringMatching(/config\.json5:2 is not read: it is no JSON5: invalid character ',' at 2:16\. Mend it there/),
    ]))

  test.each(['[]', '"x"', 'null', '7'])('%s is no object', text =>
    expect(mistakesIn(text)).toEqual([expect.stringContaining('no object')]),
  )

  test('shows no secret and no control character of what is wrong', () => {
    const [text] = mistakesIn(String.raw`{alert: 'token=hunter2hunter2 \u001b[31mx'}`)
    expect(text).not.toMatch(/hunter2|\u001b/)
  })

  test.each(['__proto__', 'constructor', 'toString'])('knows no %s', name => {
    const {values, mistakes} = read(`{"${name}": {alert: 'none'}}`)
    expect([Object.keys(values), mistakes.length <= 1]).toEqual([[], true])
  })
})

describe('the lines of keys', () => {
  test('are those of the text, whatever stands between', () => {
    const text = `{a: 'x // no',\n// {b: 1}\n"c\\"d": [1,\n{e: 2}, /* \n, */ 'f'],\r\n g: {}, a: 3}`
    expect('value' in parseJson5(text)).toBe(true)
    expect(Object.fromEntries(keyLines(text))).toEqual({a: 6, 'c"d': 3, 'c"d.0': 3, 'c"d.1': 4, 'c"d.1.e': 4, 'c"d.2': 5, g: 6})
  })

  // In exponential time this would not end within the limit of a test.
  test('are found in a text that is cut off, however deep', () => {
    expect(keyLines(`{a: ${'['.repeat(2000)}${'"\\'.repeat(20_000)}`).get('a')).toBe(1)
  })
})

describe('the example', () => {
  test('says nothing as it is', () => expect(read(exampleSettings(file))).toMatchObject({values: {}, mistakes: []}))

  test('is right when its lines are taken in', () => {
    const taken = exampleSettings(file).replaceAll(/^ {2}\/\/ (\w+: .*,)$/gm, '  $1')
    const {values, mistakes} = read(taken)
    expect([Object.keys(values), mistakes]).toEqual([settingNames, []])
  })
})
