import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {readCompose} from '../../src/gateway/token/compose.ts'
import {withComposeVariable} from '../../src/gateway/token/compose-edit.ts'

const name = 'OPENCLAW_GATEWAY_TOKEN'
const old = 'a1'.repeat(24)
const fresh = 'f0'.repeat(24)
const gw = {service: 'gw', name}

const edited = (text: string, value = fresh, at = gw): string => {
  const result = withComposeVariable(text, at, value)
  if ('problem' in result) throw new Error(result.problem.title)
  return result.text
}

const valuesIn = async (text: string): Promise<(string | undefined)[]> =>
  (await readCompose(text)).variables.map(({value}) => value?.reveal())

const block = (environment: string): string =>
  `# ours\nservices:\n  gw: # the gateway\n    image: openclaw\n    environment:\n${environment}\n    ports: ["1:1"]\n`

/** Before the value, what is there, after it. */
const forms: Readonly<Record<string, readonly [string, string, string]>> = {
  'a mapping': [block(`      A: b # first\n      ${name}: @@ # mine`), old, fresh],
  'in double quotes': [block(`      ${name}: @@`), `"${old}"`, `"${fresh}"`],
  'in single quotes': [block(`      ${name}: @@`), `'${old}'`, `'${fresh}'`],
  'a list': [block(`      - A=b\n      - ${name}=@@ # mine`), old, fresh],
  'a list in quotes': [block(`      - '@@'`), `${name}=${old}`, `${name}=${fresh}`],
  'a folded text': [block(`      ${name}: @@\n      A: b`), `>-\n        ${old}`, `"${fresh}"`],
  'a flow mapping': [`services: {gw: {image: openclaw, environment: {A: b, ${name}: @@}}}\n`, old, fresh],
  'a flow list': [`services:\n  gw:\n    environment: [A=b, "${name}=@@"] # x\n`, old, fresh],
  'an anchor': [`x-env: &env\n  ${name}: @@ # all\nservices:\n  gw:\n    environment: *env\n`, old, fresh],
  'a merge': [`x-env: &env\n  ${name}: @@\nservices:\n  gw:\n    environment:\n      <<: *env\n      A: b\n`, old, fresh],
  'a merge of a service': [
    `x-gw: &gw\n  environment:\n    ${name}: @@\nservices:\n  gw:\n    <<: *gw\n    image: x\n`,
    old,
    fresh,
  ],
  'an anchored value': [`x-t: &t @@\nservices:\n  gw:\n    environment:\n      ${name}: *t\n`, old, fresh],
  'Windows line ends': [block(`      ${name}: @@`).replaceAll('\n', '\r\n'), old, fresh],
}

describe('how it may be written', () => {
  test.each(Object.entries(forms))('%s: every byte but the value stays', async (_, [form, before, after]) => {
    const text = form.replace('@@', before)
    expect(edited(text)).toBe(form.replace('@@', after))
    expect(await valuesIn(edited(text))).toEqual([fresh])
  })
})

/** The tree as compose reads it, without the value in question. */
const rest = (text: string): unknown =>
  JSON.parse(JSON.stringify(parse(text, {merge: true, schema: 'failsafe'})), (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(`${name}=`) ? name : _key === name || _key === 'x-t' ? null : value,
  )

test('any value comes back as it was given, and nothing else has changed', async () => {
  const values = fc.oneof(
    fc.string({minLength: 1, unit: 'grapheme'}),
    fc.stringMatching(/^[0-9]{1,50}$/),
    fc.constantFrom(
      'true',
      'null',
      '~',
      '1e5',
      '0x1f',
      'a: b',
      'a #b',
      '- x',
      "it's",
      '"',
      '\\',
      '$X',
      '*a',
      '&a',
      '!x',
      '|',
      '{}',
      '%',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.values(forms)), values, async ([form, before], value) => {
      const text = form.replace('@@', () => before)
      const result = withComposeVariable(text, gw, value)
      if ('problem' in result) throw new Error(result.problem.title)
      expect(await valuesIn(result.text)).toEqual([value])
      expect(rest(result.text)).toEqual(rest(text))
      const [start = '', end = ''] = form.split('@@')
      expect(result.text.startsWith(start.replace(/(?:OPENCLAW_GATEWAY_TOKEN=)?['"]?$/, ''))).toBe(true)
      expect(result.text.endsWith(end.replace(/^['"]/, ''))).toBe(true)
    }),
    {numRuns: 600},
  )
})

test('a number or a truth is put in quotes, as another reader would take it for one', () => {
  const text = block(`      ${name}: ${old}`)
  for (const value of ['123456', '1e5', 'yes', 'null', '0o17']) expect(edited(text, value)).toContain(`${name}: "${value}"`)
})

describe('what is refused, with nothing changed', () => {
  test.each([
    ['no YAML', 'services: {', gw],
    ['no such service', block(`      ${name}: ${old}`), {...gw, service: 'other'}],
    ['no such variable', block('      A: b'), gw],
    ['a value that is a mapping', block(`      ${name}: {a: b}`), gw],
    ['a duplicate that YAML forbids', block(`      ${name}: ${old}\n      ${name}: ${old}`), gw],
    ['nothing', '', gw],
  ])('%s', (_, text, at) => expect(withComposeVariable(text, at, fresh)).toHaveProperty('problem'))

  test('no part of a token is in what it says', () => {
    const said = JSON.stringify(withComposeVariable(`services: {gw: {environment: {${name}: ${old}`, gw, fresh))
    expect(said).not.toContain(old.slice(0, 8))
    expect(said).not.toContain(fresh.slice(0, 8))
  })
})
