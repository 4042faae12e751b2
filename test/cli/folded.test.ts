import {beforeAll, expect, test} from 'vitest'
import {commandNames} from '../../src/cli/command-table.ts'
import {folded} from '../../src/cli/print/word-wrap.ts'
import {built} from '../e2e/built.ts'
import {gatecrab} from './gatecrab.ts'

beforeAll(built)

test('a line of columns is broken between words, and keeps its columns', () => {
  const text = '10:00:00  refused   1008 token-mismatch   studio node-host 2026.9.6   192.0.2.7'
  expect(folded(text, '          ', 60)).toBe(
    '10:00:00  refused   1008 token-mismatch   studio node-host\n          2026.9.6   192.0.2.7',
  )
  expect(folded('short', '  ', 60)).toBe('short')
  expect(
    folded('x'.repeat(70), '  ', 60)
      .split('\n')
      .map(line => line.length),
  ).toEqual([60, 12])
})

test.each([['--help'], ['help', 'on-change'], ...commandNames.map(name => [name, '--help'])])(
  '%s %s breaks no word at the edge of 80 columns',
  async (...argv) => {
    const {stdout} = await gatecrab(argv.filter(Boolean))
    // A command that is to be copied stays a line.
    const prose = stdout.split('\n').filter(line => !line.startsWith('  gatecrab check --watch --on-change'))
    expect(prose.filter(line => line.length > 80)).toEqual([])
  },
)
