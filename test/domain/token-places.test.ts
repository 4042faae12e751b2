import {describe, expect, test} from 'vitest'
import {artefactsOf, placeholderOf, unexpandedOf} from '../../src/domain/token/artefacts.ts'
import {manualStepFor, outOfReach, type PlaceId, placeRow, places, suppliers} from '../../src/domain/token/places.ts'
import {secret} from './token-copies.ts'

const ids = Object.keys(places) as PlaceId[]

describe('the table of places', () => {
  test.each(ids)('%s is told in full', place => {
    const {title, read, wins, manualStep, stale} = placeRow(place)
    for (const text of [read, wins, manualStep, stale]) expect(text.length).toBeGreaterThan(5)
    expect(title.length).toBeLessThanOrEqual(21)
    expect(manualStepFor({place, path: '/p', key: 'k'})).not.toMatch(/[{}]/)
  })

  test('the server asks them one after the other', () => {
    const turns = ids.flatMap(place => placeRow(place).turn ?? [])
    expect(turns).toEqual([...new Set(turns)].toSorted((a, b) => a - b))
  })

  test('nobody writes what no tool reaches, nor what only a service manager may', () => {
    for (const place of [...outOfReach, 'launchd-plist', 'systemd-unit', 'process-env', 'start-command'] as const)
      expect(placeRow(place).write).toBe(null)
    for (const place of suppliers) expect(placeRow(place).turn).toBeGreaterThan(30)
  })

  test('no card puts a token into an argument', () => {
    for (const place of ids) expect(manualStepFor({place, path: '/p', key: 'k'})).not.toMatch(/config set|--token [A-Z]*NEW/)
  })
})

const good = '0123456789abcdef0123456789abcdef0123456789abcdef'

test('what lies in a plist of the machine is changed by root, and nothing is installed beside it', () => {
  const manualStep = manualStepFor({
    place: 'launchd-plist',
    path: '/Library/LaunchDaemons/x.plist',
    key: 'OPENCLAW_GATEWAY_TOKEN',
  })
  expect(manualStep).toContain('/Library/LaunchDaemons/x.plist as root')
  expect(manualStep).not.toContain('openclaw gateway')
})

describe('what is no token', () => {
  test.each([
    '',
    '  ',
    '__OPENCLAW_REDACTED__',
    '***',
    '********',
    'undefined',
    'null',
    'changeme',
    'change-me-now',
    'CHANGE_ME',
    '[redacted]',
    '<redacted>',
    '<your token>',
    'your-token-here',
    'change-me-to-a-long-random-token',
    '"***"',
    "'null'",
    'REDACTED',
    'xxxx',
  ])('%s', text => expect(placeholderOf(secret(text))).not.toBe(null))

  test.each([good, good.toUpperCase(), 'a', 'changed-my-mind', 'nullable', 'tokenizer', 'AbC-_xYz', '*'])(
    'but %s may be one',
    text => {
      expect(placeholderOf(secret(text))).toBe(null)
      expect(artefactsOf(secret(text))).toEqual([])
    },
  )
})

describe('what comes with a careless paste', () => {
  test.each([
    [` ${good}`, ['white-space']],
    [`${good}\n`, ['white-space']],
    [`${good}\r`, ['white-space']],
    [`"${good}"`, ['quotes']],
    [`'${good}'`, ['quotes']],
    [`“${good}”`, ['quotes']],
    [`"${good}`, ['quotes']],
    ['{{secret:team:GATEWAY}}', ['template']],
    ['{{ secret:team:GATEWAY }}', ['template', 'inner-white-space']],
    [`Bearer ${good}`, ['pasted-name']],
    [`OPENCLAW_GATEWAY_TOKEN=${good}`, ['pasted-name']],
    [`${good.slice(0, 20)} ${good.slice(20)}`, ['inner-white-space']],
    [`${good.slice(0, 20)}\n${good.slice(20)}`, ['inner-white-space']],
    [`${good} # mine`, ['inner-white-space']],
  ])('%j', (text, expected) => {
    const found = artefactsOf(secret(text))
    expect(found.map(({id}) => id)).toEqual(expected)
    expect(JSON.stringify(found)).not.toContain(good.slice(0, 8))
  })

  test('a blank inside a password is no trouble, a line break is', () => {
    expect(artefactsOf(secret('correct horse battery'), true)).toEqual([])
    expect(artefactsOf(secret('correct\nhorse'), true)).toEqual([{id: 'inner-white-space', what: ''}])
    expect(artefactsOf(secret('correct horse battery'))).toEqual([{id: 'inner-white-space', what: ''}])
  })

  test.each([
    [`\${TOKEN}`, 'the variable TOKEN'],
    [`\${TOKEN:-${good}}`, 'the variable TOKEN'],
    ['$TOKEN', 'the variable TOKEN'],
    ['"$(pass gw)"', 'a command'],
    [good, null],
    ['pa$$word', null],
  ])('%s is filled in by nobody: %s', (text, expected) => expect(unexpandedOf(secret(text))).toBe(expected))
})
