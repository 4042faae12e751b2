import {createElement} from 'react'
import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {openingFleet} from '../../src/app/fleet-screen.ts'
import {viewPanel} from '../../src/app/panel-view.ts'
import {viewBoard} from '../../src/app/panels/board.ts'
import {panelIds} from '../../src/app/panels/panels.ts'
import {fleetColumns} from '../../src/app/rows/fleet-rows.ts'
import type {Column} from '../../src/app/rows/rows.ts'
import type {Overlay, State} from '../../src/app/state.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import {Screen} from '../../src/tui/App.tsx'
import {fleetFrame} from '../../src/tui/FleetApp.tsx'
import {problemColumns} from '../../src/tui/panes/ProblemsPane.tsx'
import {sized, themeFor} from '../../src/tui/parts/paint.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {drawnLines} from './drawn-lines.ts'
import {at, having, read} from './screen-state.ts'

const theme = themeFor({colour: true, isAscii: false})
const widths = Array.from({length: 181}, (_, i) => 40 + i)
const heights = [10, 24, 60]

const refusing = read('default-level', {until: 'admission closed'})
const rotated = read('token-rotation', {until: 'admission closed'})
const made = planOf('rotate', factsFor('2026.9.6', {clients: ['control-ui from 100.64.0.7']}))
if (isRefusal(made)) throw new Error(made.refused.title)
const planned = having({...refusing, plan: null}, {type: 'fix-asked', fix: 'rotate'}, {type: 'plan-made', plan: made})

const wholeLine = having(refusing, {type: 'panel-chosen', panel: 'log'}, {type: 'evidence-asked'})
const lineShown = wholeLine.overlay
if (lineShown?.kind !== 'line') throw new Error('no line is shown')

const overlays: readonly Overlay[] = [
  {kind: 'help', top: 0},
  {kind: 'explain', word: '1008', top: 0},
  {kind: 'login', top: 0},
  {kind: 'token', top: 0},
  {kind: 'journals', lines: ['2026-11-21 rotate, done, 6 checks passed; can be undone with `gatecrab undo`'], top: 0},
  {kind: 'problems', top: 0, chosen: null},
]

/** Everything that the screen can be. */
const screens: readonly (readonly [string, State])[] = [
  ...panelIds.map(panel => [panel, having(refusing, {type: 'panel-chosen', panel})] as const),
  ['board', {...rotated, boardSince: rotated.now - 60_000}],
  ['gateway stopped', read('default-level')],
  ['lines of a client', having(refusing, {type: 'moved', by: 2}, {type: 'evidence-asked'})],
  ['filter', having(refusing, {type: 'filtered', text: 'reason:token'})],
  ['prompt', having(refusing, {type: 'prompt-opened', kind: 'command', text: ''})],
  ['clients, grouped', having(refusing, {type: 'clients-ordered', order: {group: 'reason'}})],
  ['a whole line', wholeLine],
  ['a whole line, sideways', having(wholeLine, {type: 'line-viewed', as: {...lineShown, isWrapped: false, left: 20}})],
  ['paused', having(refusing, {type: 'pause-toggled'})],
  ['plan', planned],
  ['plan, whole', having(planned, {type: 'plan-view-asked', view: 'whole'})],
  ['plan, manual steps', having(planned, {type: 'plan-view-asked', view: 'manual'})],
  ...overlays.map(overlay => [overlay.kind, {...refusing, overlay}] as const),
]

const tooWide = (state: State): string[] =>
  drawnLines(createElement(Screen, {state, theme})).flatMap(({lines, width}) =>
    lines.filter(line => stringWidth(line) > (width ?? state.size.columns)),
  )

const tables: readonly (readonly [string, readonly Column[]])[] = [
  ...panelIds.map(panel => [panel, viewPanel({...refusing, panel}, false).rows.columns] as const),
  ['board', viewBoard({...rotated, boardSince: rotated.now}, false).rows.columns],
  ['fleet', fleetColumns],
  ['problems', problemColumns],
]

describe('at every width from 40 to 220 columns', () => {
  test.each(tables)('the columns of %s add up, and what matters is whole before the rest is there', (_, columns) => {
    for (const width of widths) {
      const shown = sized(columns, width)
      const sum = shown.reduce((all, one) => all + one.width + 1, -1)
      expect([width, sum <= width]).toEqual([width, true])
      for (const column of columns.filter(({from, grow}) => from === undefined && !grow))
        expect([width, shown.find(one => one.column === column)?.width ?? 0]).toEqual([
          width,
          expect.toSatisfy(n => n >= column.width),
        ])
      const grown = shown.find(({column}) => column.grow)
      const isMore = shown.some(({column}) => column.from !== undefined)
      if (grown && isMore) expect([width, grown.width]).toEqual([width, expect.toSatisfy(n => n >= grown.column.width)])
    }
  })

  test.each(tables)('a wider screen takes no column of %s away', (_, columns) => {
    const counts = widths.map(width => sized(columns, width).length)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  })

  test.each(screens)('no line of %s is wider than its place', (_, state) => {
    for (const rows of heights)
      for (const width of widths) expect([width, rows, tooWide(at(state, width, rows))]).toEqual([width, rows, []])
  })

  test('nor one of the fleet', () => {
    const fleet = openingFleet(['mini', 'ops@studio.example.com', 'ssh://ops@[2001:db8::7]:2222'], refusing.now)
    for (const rows of heights)
      for (const columns of widths)
        for (const help of [false, true])
          expect([
            columns,
            fleetFrame({...fleet, help, size: {columns, rows}}, theme).filter(line => stringWidth(line) > columns),
          ]).toEqual([columns, []])
  })
})
