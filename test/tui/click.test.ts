import {createElement} from 'react'
import {describe, expect, test} from 'vitest'
import {panelIds, panels} from '../../src/app/panels/panels.ts'
import type {State} from '../../src/app/state.ts'
import {Screen} from '../../src/tui/App.tsx'
import {clicked} from '../../src/tui/click.ts'
import {themeFor} from '../../src/tui/parts/paint.ts'
import {drawnLines} from './drawn-lines.ts'
import {at, having, read} from './screen-state.ts'

const theme = themeFor({colour: true, isAscii: false})

const drawn = (state: State): string[] => drawnLines(createElement(Screen, {state, theme})).flatMap(({lines}) => lines)
const plain = (line: string): string => line.replace(/\u001b\[[\d;]*m/g, '')
const isInverse = (line: string): boolean => /\u001b\[(?:\d+;)*7[;m]/.test(line)
const inverseRow = (state: State): number => drawn(state).findIndex(isInverse)

const clickedOn = (state: State, row: number, column = 4): State => {
  const message = clicked(state, {column, row}, theme)
  return message ? having(state, message) : state
}

const refusing = read('default-level', {until: 'admission closed'})
const sizes = [
  [40, 10],
  [80, 24],
  [110, 24],
  [80, 60],
  [200, 60],
] as const

describe.each(sizes)('a click at %d x %d', (columns, rows) => {
  test.each(panelIds)('on its tab shows %s', panel => {
    const state = at(having(refusing, {type: 'panel-chosen', panel: panel === 'clients' ? 'log' : 'clients'}), columns, rows)
    const lines = drawn(state).map(plain)
    const number = panelIds.indexOf(panel) + 1
    const row = lines.findIndex(line => /^1(?: |$)/.test(line) && line.includes(` ${number}`.trimStart()))
    const column = lines[row]?.search(new RegExp(`\\b${number}(?: ${panels[panel].title}|\\b)`)) ?? -1
    expect(clickedOn(state, row, column).panel).toBe(panel)
  })

  test.each(['clients', 'attempts', 'log', 'timeline'] as const)(
    'puts the cursor of %s on the row under it, and scrolls nothing',
    panel => {
      const state = at(having(refusing, {type: 'panel-chosen', panel}), columns, rows)
      const first = inverseRow(having(state, {type: 'moved-to', end: 'first'}))
      const before = drawn(state).map(plain)
      for (const row of [first, first + 1]) {
        const next = clickedOn(state, row)
        if (before[row]?.trim() === '') continue
        expect(inverseRow(next)).toBe(row)
        expect(plain(drawn(next)[row] ?? '').slice(2, 30)).toBe(before[row]?.slice(2, 30))
      }
    },
  )

  test('anywhere else does nothing', () => {
    const state = at(refusing, columns, rows)
    expect([0, 1, rows - 1, rows, 500].map(row => clicked(state, {column: 4, row}, theme))).toEqual(Array(5).fill(null))
    expect(clicked(state, {column: 500, row: 6}, theme)).toBeNull()
  })
})

test('a click selects a problem, and never starts its fix', () => {
  const listed = at(having(refusing, {type: 'overlay-opened', overlay: {kind: 'problems', top: 0, chosen: null}}), 80, 40)
  const lines = drawn(listed).map(plain)
  const row = lines.findLastIndex((line, y) => y < lines.findIndex(one => one.startsWith('──')) && line.trim() !== '')
  const next = clickedOn(listed, row)
  expect(row).toBeGreaterThan(inverseRow(listed))
  expect(plain(drawn(next)[inverseRow(next)] ?? '')).toContain(lines[row]?.slice(2, 30))
})

test('a click beside a plan, a prompt or a help does nothing', () => {
  for (const state of [
    having(refusing, {type: 'fix-asked', fix: 'rotate'}),
    having(refusing, {type: 'prompt-opened', kind: 'filter'}),
    having(refusing, {type: 'overlay-opened', overlay: {kind: 'help', top: 0}}),
  ])
    expect(clicked(state, {column: 4, row: 6}, theme)).toBeNull()
})
