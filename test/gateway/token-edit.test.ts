import JSON5 from 'json5'
import {describe, expect, test} from 'vitest'
import {withToken} from '../../src/gateway/token/edit.ts'
import {configText} from './config-samples.ts'

const old = 'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc'
const fresh = '0123456789abcdef0123456789abcdef0123456789abcdef'
const path = ['gateway', 'auth', 'token']

const edited = (text: string, value = fresh, at: readonly string[] = path): string => {
  const result = withToken(text, at, value)
  if ('problem' in result) throw new Error(result.problem.title)
  return result.text
}

const refused = (text: string, at: readonly string[] = path): string => {
  const result = withToken(text, at, fresh)
  return 'problem' in result ? result.problem.title : 'it was replaced'
}

test('whatever a config looks like, every byte but the token stays', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const {text, before, after} = configText(seed, old)
    const result = edited(text)
    expect(result.startsWith(before), `seed ${seed}`).toBe(true)
    expect(result.endsWith(after), `seed ${seed}`).toBe(true)
    expect(result.slice(before.length, result.length - after.length).slice(1, -1)).toBe(fresh)
  }
})

test('any value comes back as it was given', () => {
  const values = ['', "'", '"', '\\', '\n', '\u2028', '\u0000', '${X', 'a'.repeat(5000), '🦀', 'it\'s "so" \\ ', '*/ }']
  for (const value of values) {
    for (let seed = 1; seed <= 40; seed += 1) {
      const {text} = configText(seed, old)
      expect(JSON5.parse(edited(text, value)).gateway.auth.token).toBe(value)
      expect(edited(edited(text, value), old)).toBe(edited(text, old))
    }
  }
})

describe('how it may be written', () => {
  test.each([
    ['json', `{"gateway":{"auth":{"token":"${old}"}}}`],
    ['bare keys and single quotes', `{gateway: {auth: {token: '${old}',},},}`],
    ['comments that look like it', `// token: "${old}"\n{gateway:{/* token: '${old}' */auth:{mode:"token",token:"${old}"}}}`],
    ['a byte order mark', `\ufeff{"gateway":{"auth":{"token":"${old}"}}}`],
    ['escapes in the key', `{"g\\u0061teway":{auth:{"tok\\x65n":"${old}"}}}`],
    ['a name that is written as an escape', `{gateway:{\\u0061uth:{token:"${old}"}}}`],
    ['its own escapes', `{gateway:{auth:{token:"\\x61${old.slice(1)}"}}}`],
    ['a continued line', `{gateway:{auth:{token:"aaaa\\\n${old.slice(4)}"}}}`],
    ['a placeholder in its place', '{gateway:{auth:{token:"__OPENCLAW_REDACTED__"}}}'],
    ['nothing in its place', '{gateway:{auth:{token:""}}}'],
  ])('%s', (_, text) => {
    const result = edited(text)
    expect(JSON5.parse(result).gateway.auth.token).toBe(fresh)
    const [before = '', after = ''] = result.split(fresh)
    expect(text.startsWith(before) && text.endsWith(after)).toBe(true)
  })

  test('of a key that stands twice the last one counts, and only that is replaced', () => {
    const text = `{gateway:{auth:{token:"first",token:"${old}"}}}`
    expect(edited(text)).toBe(`{gateway:{auth:{token:"first",token:"${fresh}"}}}`)
  })

  test('in an included file the path is shorter', () => {
    expect(edited(`{auth:{token:'${old}'}}`, fresh, ['auth', 'token'])).toBe(`{auth:{token:'${fresh}'}}`)
  })

  test('a variable of the config', () => {
    const text = `{env:{vars:{OPENCLAW_GATEWAY_TOKEN:"${old}",OTHER:"x"}}}`
    expect(edited(text, fresh, ['env', 'vars', 'OPENCLAW_GATEWAY_TOKEN'])).toBe(text.replace(old, fresh))
  })
})

describe('what is refused, with nothing changed', () => {
  test.each([
    ['it is not there', '{gateway:{auth:{mode:"token"}}}', 'There is no gateway.auth.token to replace'],
    ['the section is not there', '{}', 'There is no gateway.auth.token to replace'],
    ['a later section hides it', `{gateway:{auth:{token:"${old}"}},gateway:{}}`, 'There is no gateway.auth.token to replace'],
    ['a template', `{gateway:{auth:{token:"\${OPENCLAW_GATEWAY_TOKEN}"}}}`, 'gateway.auth.token is a reference'],
    ['a shorthand', '{gateway:{auth:{token:"$MY_TOKEN"}}}', 'gateway.auth.token is a reference'],
    ['a SecretRef', '{gateway:{auth:{token:{source:"env",provider:"default",id:"X"}}}}', 'gateway.auth.token is a reference'],
    ['a number', '{gateway:{auth:{token:123}}}', 'gateway.auth.token is no string'],
    ['no JSON5', '{gateway:', 'The config is not JSON5'],
    ['empty', '', 'The config is not JSON5'],
  ])('%s', (_, text, title) => expect(refused(text)).toBe(title))

  test('no part of a token is in what it says', () => {
    for (const text of [`{gateway:{auth:{token:"${old}"`, `{gateway:{auth:{token:${old}}}}`]) {
      const result = withToken(text, path, fresh)
      expect(JSON.stringify(result)).not.toContain(old.slice(0, 8))
      expect(JSON.stringify(result)).not.toContain(fresh.slice(0, 8))
    }
  })
})
