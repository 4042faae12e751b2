import {expect, test} from 'vitest'
import {sourcesLine} from '../../src/app/header.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {at} from '../domain/event-builders.ts'
import {having, opened} from './app-driver.ts'

const shown = (firstAt: number | null, since: number, packed: number): string => {
  const session = having(opened({since}), {type: 'history-read', world: {...createWorld(), firstAt}, since, packed})
  const source = {name: '/log/gateway.log', state: 'reading', because: null, lastLineAt: at(1)} as const
  return sourcesLine(having(session, {type: 'sources-changed', sources: [source]}).state)
    .map(({text}) => text)
    .join(' | ')
}

test('counts begin with the first line that was counted, not with what was asked for', () => {
  expect(shown(at(-86_400 * 3), at(0), 0)).not.toBe(shown(at(0), at(0), 0))
  expect(shown(at(0), at(-86_400 * 3), 0)).toBe(shown(at(0), at(0), 0))
})

test('packed archives are named where the lines begin later than what was asked for', () => {
  expect(shown(at(0), at(-3600), 2)).toContain('2 packed archives not read')
  expect(shown(at(-3600), at(0), 2)).not.toContain('packed')
  expect(shown(at(0), at(-3600), 0)).not.toContain('packed')
})

test('the demo says as long as it is shown what it is, and how to come to a gateway of your own', () => {
  const text = (foundNone: boolean, columns: number): string =>
    sourcesLine(having(opened({kind: 'demo', foundNone}), {type: 'resized', columns, rows: 24}).state)
      .map(cell => cell.text)
      .join(' | ')
  expect(text(true, 80)).toBe('No gateway found: a demo. Yours: --config, --url, --log')
  expect(text(true, 120)).toContain('No gateway was found here, so this one is simulated.')
  expect(text(false, 80)).toMatch(/^A simulated gateway\. Yours: /)
})

test('a history that takes long says how far it is and how long it will take, until it is read', () => {
  const reading = having(
    opened({since: at(0), readingHistory: true}),
    {type: 'sources-changed', sources: [{name: '/log/gateway.log', state: 'reading', because: null, lastLineAt: at(1)}]},
    {type: 'history-progressed', progress: {share: 0.379, leftMs: 12_000}},
  )
  const last = ({state}: typeof reading): string => sourcesLine(state).at(-1)?.text ?? ''
  expect(last(reading)).toBe('reading further back: 37 %, about 12s left')
  const done = having(reading, {type: 'history-read', world: createWorld(), since: at(0)})
  expect(last(having(done, {type: 'history-progressed', progress: {share: 0.9, leftMs: 1000}}))).toMatch(/^counts since /)
})
