import {describe, expect, test} from 'vitest'
import {keymap} from '../../src/app/actions.ts'
import {panelIds} from '../../src/app/panels/panels.ts'
import {press, pressOverlay} from '../../src/app/press.ts'
import {having, opened, typed} from './app-driver.ts'

const replay = {from: 0, to: 1_000_000, at: 0, speed: 1, playing: true}

describe('the keys', () => {
  test('are each in one row', () => {
    const keys = keymap.flatMap(row => row.keys)
    expect(keys.length).toBeGreaterThan(30)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('have each a word of help', () => {
    for (const {keys, about} of keymap) {
      expect(keys.length).toBeGreaterThan(0)
      expect(about).toMatch(/\S{2,}/)
      expect(about.length).toBeLessThan(80)
    }
  })

  test('hint at themselves by a key that they have', () => {
    const hints = keymap.filter(({hint}) => hint !== undefined)
    expect(hints.length).toBeGreaterThan(3)
    for (const {keys, hint} of hints) expect(keys).toContain(hint?.split(' ')[0])
  })

  test('mean something in every panel, and in a replay', () => {
    for (const panel of panelIds)
      for (const opening of [opened(), opened({kind: 'replay', replay})]) {
        const {state} = having(opening, {type: 'panel-chosen', panel})
        for (const key of keymap.flatMap(row => row.keys)) expect(press(state, key)).toHaveProperty('type')
      }
  })

  test('that cannot act say why', () => {
    const {state} = opened()
    const idle = keymap.filter(({unless}) => unless?.(state))
    expect(idle.length).toBeGreaterThan(3)
    for (const {keys, unless} of idle) {
      expect(press(state, keys[0] ?? '')).toEqual({type: 'notified', text: unless?.(state)})
      expect(unless?.(state)).toMatch(/\S+ \S+/)
    }
  })

  test('that are none say so', () => {
    expect(press(opened().state, 'Z')).toMatchObject({type: 'notified', text: expect.stringContaining('Z')})
  })

  test('that only a replay has act in one', () => {
    const {state} = opened({kind: 'replay', replay})
    for (const {keys, group} of keymap) if (group === 'replay') expect(press(state, keys[0] ?? '').type).not.toBe('notified')
  })

  test('choose a panel by its digit, and walk round them', () => {
    const byDigit = panelIds.map((_, i) => typed(opened(), String(i + 1)).state.panel)
    expect(byDigit).toEqual(panelIds)
    const round = panelIds.map((_, i) => typed(opened(), 'tab '.repeat(i + 1).trim()).state.panel)
    expect(round).toEqual([...panelIds.slice(1), panelIds[0]])
    expect(typed(opened(), 'shift+tab').state.panel).toBe(panelIds.at(-1))
    expect(typed(opened(), 'tab shift+tab').state.panel).toBe(panelIds[0])
  })

  test('quit', () => {
    for (const key of ['q', 'ctrl+c'])
      expect(typed(opened(), key)).toMatchObject({state: {ended: true}, effects: [{type: 'quit'}]})
  })
})

describe('over the help', () => {
  test('keys scroll it, to its end and no further', () => {
    const help = typed(opened(), '?')
    const top = (keys: string) => typed(help, keys).state.overlay?.top
    expect([top('j'), top('j j k'), top('k'), top('ctrl+d'), top('ctrl+d ctrl+u')]).toEqual([1, 1, 0, 5, 0])
  })

  test('any other key closes it, and does nothing else', () => {
    for (const key of ['q', '?', 'esc', '2', 'enter']) {
      const {state, effects} = typed(opened(), `? ${key}`)
      expect([state.overlay, state.ended, state.panel, effects]).toEqual([null, false, 'clients', []])
    }
  })

  test('Ctrl-C leaves all the same', () => {
    expect(pressOverlay(opened().state, 'ctrl+c', 5)).toEqual({type: 'quit'})
  })
})
