import {inspect} from 'node:util'
import fc from 'fast-check'
import {describe, expect} from 'vitest'
import {attemptJson} from '../../src/cli/print/attempt.ts'
import {toJson} from '../../src/cli/print/json.ts'
import {inMarkdown} from '../../src/cli/print/report-text.ts'
import {assess} from '../../src/domain/diagnosis/assessment.ts'
import {redact} from '../../src/domain/redact.ts'
import {fingerprintOf, Secret} from '../../src/domain/secret.ts'
import {unsafeCharacter} from '../gateway/unsafe-text.ts'
import {eventsFrom, readLines} from '../stories/captures.ts'
import {logLines} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated, words} from './mutations.ts'

const hex = fc.string({unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 64})
const urlSafe = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
  minLength: 32,
  maxLength: 64,
})
/** Such as one that OpenClaw makes: letters and digits; a word of letters alone is no token. */
const tokens = fc.oneof(hex, urlSafe).filter(token => /\d.*[a-z]|[a-z].*\d/i.test(token))
const passwords = fc.string({unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyz23456789!@#%^*+.~'), minLength: 12, maxLength: 40})

/** No more of a secret than what a fingerprint shows: four characters at an end. */
const leaked = (text: string, secret: string): string | null => {
  const longest = 8
  for (let at = 0; at + longest <= secret.length; at += 1) {
    const part = secret.slice(at, at + longest)
    if (text.includes(part)) return part
  }
  return null
}

const openings = [
  'token=',
  'Bearer ',
  'password: ',
  'gateway token ',
  '--token ',
  'ws://gw:1/?token=',
  '"token":"',
  'x ',
  '(',
  'auth=',
]
const corpus = logLines()

/** A line with a secret in it, at a place where a word may begin. */
const withSecret = (line: string, opening: string, secret: string, place: number): string => {
  const ends = Array.from(line.matchAll(/ (?=\w+=)|(?<==)(?=\S)/g), ({index}) => index)
  const at = ends.length === 0 ? line.length : (ends[place % ends.length] ?? 0)
  return `${line.slice(0, at)} ${opening}${secret} ${line.slice(at)}`
}

const reportOf = (raw: readonly string[]): string => {
  const {world} = eventsFrom(readLines(raw))
  const now = world.newestAt ?? 0
  const found = {world, now, sources: [], live: null, service: null, copies: null, agents: [], hasNoLog: false}
  return inMarkdown({
    ...{world, now, since: world.firstAt ?? 0, release: null, port: 18_789, reach: null, files: ['log'], live: null},
    ...{assessment: assess(found), enforced: null, copies: null, timeline: world.timeline, plans: []},
  })
}

describe('a secret', () => {
  fuzz('redaction of a token', {
    inputs: fc.tuple(tokens, words, words, fc.constantFrom(...openings)),
    count: 800,
    run: ([token, before, behind, opening]) => redact(`${before} ${opening}${token} ${behind}`),
    check: (text, [token]) => {
      expect(leaked(text, token)).toBeNull()
      expect(unsafeCharacter.test(text)).toBe(false)
    },
  })

  fuzz('redaction of a password that is called one', {
    inputs: fc.tuple(passwords, fc.constantFrom('token=', 'Bearer ', 'password=', 'password: ', 'secret: ', 'api_key: ')),
    count: 500,
    run: ([password, opening]) => redact(`said ${opening}${password} and left`),
    check: (text, [password]) => expect(leaked(text, password)).toBeNull(),
  })

  fuzz('report on a log with a token in it', {
    inputs: fc.tuple(
      fc.array(fc.constantFrom(...corpus), {minLength: 1, maxLength: 8}),
      tokens,
      fc.constantFrom(...openings),
      fc.nat(50),
    ),
    count: 150,
    run: ([lines, token, opening, place]) => reportOf(lines.map(line => withSecret(line, opening, token, place))),
    check: (text, [, token]) => expect(leaked(text, token)).toBeNull(),
  })

  fuzz('JSON that a terminal shows', {
    inputs: fc.array(mutated(corpus, 3), {minLength: 1, maxLength: 4}),
    count: 200,
    run: lines => eventsFrom(readLines(lines)).attempts.map(attempt => toJson(attemptJson(attempt))),
    check: printed => {
      for (const line of printed) {
        expect(unsafeCharacter.test(line)).toBe(false)
        expect(() => JSON.parse(line)).not.toThrow()
      }
    },
  })

  fuzz('Secret, however it is written', {
    inputs: fc.oneof(tokens, passwords),
    count: 300,
    run: text => {
      const secret = new Secret(text)
      const inside = {a: [secret], b: new Map([['k', secret]])}
      return [
        `${secret}`,
        JSON.stringify(inside),
        inspect(inside, {depth: 9, showHidden: true}),
        fingerprintOf(secret),
        new Error(`${secret}`).stack ?? '',
      ]
    },
    check: (written, text) => {
      for (const one of written) expect(leaked(one, text)).toBeNull()
    },
  })
})
