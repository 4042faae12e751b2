import {createElement} from 'react'
import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import type {State} from '../../src/app/state.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import {Screen} from '../../src/tui/App.tsx'
import {themeFor} from '../../src/tui/parts/paint.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {drawnLines} from './drawn-lines.ts'
import {at, having, read} from './screen-state.ts'

const theme = themeFor({colour: true, isAscii: false})
const painted = /\u001b\[[\d;]*m/g
const refusing = at(read('default-level', {until: 'admission closed'}), 40, 10)

/** The last line of the screen: what is typed, the cursor in brackets. */
const lastLine = (state: State): string =>
  (drawnLines(createElement(Screen, {state, theme})).at(-1)?.lines.at(-1) ?? '')
    .replace('\u001b[7m', '<')
    .replace('\u001b[27m', '>')
    .replace(painted, '')

const typing = (text: string, cursor = text.length): State =>
  having(refusing, {type: 'prompt-opened', kind: 'filter', text: ''}, {type: 'prompt-edited', text, at: cursor})

test('what is typed beyond the width of the screen stays in sight, with the cursor', () => {
  const text = Array.from({length: 30}, (_, i) => `w${i}`).join(' ')
  for (const cursor of [text.length, 60, 39, 38, 5, 0]) {
    const line = lastLine(typing(text, cursor))
    expect(stringWidth(line)).toBeLessThanOrEqual(42)
    expect(line).toContain(`<${text[cursor] ?? ' '}>`)
    expect(line).toContain(text.slice(Math.max(0, cursor - 5), cursor))
  }
})

test('the cursor stands on a whole character', () => {
  expect(lastLine(typing('a🦀b', 1))).toBe('/ a<🦀>b')
  expect(lastLine(typing('漢'.repeat(40)))).toMatch(/^\/ 漢{18}< >$/)
})

test('a word of wide characters below a plan is no wider than the screen', () => {
  const made = planOf('rotate', factsFor('2026.9.6'))
  if (isRefusal(made)) throw new Error(made.refused.title)
  const planned = having({...refusing, plan: null}, {type: 'fix-asked', fix: 'rotate'}, {type: 'plan-made', plan: made})
  for (const text of ['漢', '漢'.repeat(30), 'rotate'])
    expect(stringWidth(lastLine(having(planned, {type: 'plan-typed', text})))).toBeLessThanOrEqual(42)
})

test('a whole line in ASCII, where an arrow is two characters, is no wider than the screen and loses none of them', () => {
  const ascii = themeFor({colour: false, isAscii: true})
  const shown = having(refusing, {type: 'panel-chosen', panel: 'log'}, {type: 'evidence-asked'})
  if (shown.overlay?.kind !== 'line') throw new Error('no line is shown')
  const state: State = {...shown, overlay: {...shown.overlay, raw: `${'→'.repeat(30)}end`}}
  const lines = drawnLines(createElement(Screen, {state, theme: ascii})).flatMap(({lines}) => lines)
  expect(Math.max(...lines.map(line => stringWidth(line)))).toBeLessThanOrEqual(40)
  expect(lines.join('')).toContain(`${'->'.repeat(30)}end`)
})
