import {expect, test} from 'vitest'
import {keymap, palette} from '../../src/app/actions.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {at} from '../domain/event-builders.ts'
import {having, opened, typed} from './app-driver.ts'

const enforced = {digest: null, fingerprint: null, by: 'unknown' as const, provenAt: null, because: null, acceptsAnything: null}
const expected = having(opened(), {type: 'copies-read', read: {enforced, copies: [], tokenProblems: [], at: at(60)}})

test.each(['rotate', 'restart', 'propagate', 'verify', 'undo'])('%s has its name on the command line here, too', name => {
  expect(typed(expected, `: "${name}" enter`).effects.at(-1)).toMatchObject({type: 'make-plan', fix: name})
  expect(typed(opened(), `: "${name}" enter`).state.notice?.text).toContain('Only logs are read here')
})

test('before the gateway has been read, nobody is told that only logs are', () => {
  const opening = opened({live: createLiveNow(1)})
  for (const name of ['rotate', 'journals'])
    expect(typed(opening, `: "${name}" enter`).state.notice?.text).toMatch(/still being read.*in a moment$/)
})

test('a slip is told what is near to it', () => {
  expect(typed(expected, ': "veryfi" enter').state.notice?.text).toBe('There is no command “veryfi”; :verify is one')
  expect(typed(expected, ': "dance" enter').state.notice?.text).toContain('lists them')
})

test('each command has a name of its own, and a word of help', () => {
  const names = palette.map(({command}) => command.name)
  expect(names.length).toBeGreaterThan(15)
  expect(new Set(names).size).toBe(names.length)
  for (const {command, about} of palette) expect(command.about ?? about).toMatch(/\S{2,}/)
})

test('a command that has a key as well does what the key does', () => {
  const both = palette.filter(({keys}) => keys.length > 0 && !keys.includes('/'))
  expect(both.length).toBeGreaterThan(10)
  for (const {command, keys} of both) {
    const byName = typed(expected, `: "${command.name}" enter`)
    const byKey = typed(expected, keys[0] ?? '')
    const {typedEarlier} = byKey.state
    expect([command.name, {...byName.state, typedEarlier}, byName.effects]).toEqual([command.name, byKey.state, byKey.effects])
  }
})

test('a command and a key that cannot be done now say the same reason', () => {
  const {state} = opened()
  for (const {command, keys, unless} of palette) {
    const because = unless?.(state)
    if (because) expect(typed(opened(), `: "${command.name}" enter`).state.notice?.text).toBe(because)
    expect(keys.every(key => keymap.some(row => row.keys.includes(key)))).toBe(true)
  }
})

test(':clients shows the clients and not the board in their place, as 1 does', () => {
  const board = {state: {...expected.state, boardSince: at(30)}, effects: []}
  for (const keys of ['1', ': "clients" enter']) expect(typed(board, keys).state.boardSince).toBe(null)
  expect(typed(board, ': "log" enter').state.boardSince).toBe(at(30))
})
