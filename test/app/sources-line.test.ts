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
