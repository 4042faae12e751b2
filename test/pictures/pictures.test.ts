import fs from 'node:fs'
import path from 'node:path'
import {createElement} from 'react'
import {expect, test} from 'vitest'
import type {Message} from '../../src/app/message.ts'
import {openingState, type State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {Screen} from '../../src/tui/App.tsx'
import {themeFor} from '../../src/tui/parts/paint.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {drawnLines} from '../tui/drawn-lines.ts'
import {palettes, svgOf} from './svg.ts'

const size = {columns: 80, rows: 24}
const file = '/home/ops/.openclaw/logs/gateway.jsonl'

const having = (state: State, ...messages: readonly Message[]): State =>
  messages.reduce((so, message) => update(so, message)[0], state)

/** The demo's log, looked at two seconds after its last line. */
const opened = (): State => {
  const raw = fs
    .readFileSync(path.join(import.meta.dirname, '../fixtures/demo/pictures.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
  const lines = raw.map((line, i) => readLogLine(line, {file, line: i + 1}, 0, 0))
  const now = (lines.at(-1)?.at ?? 0) + 2000
  const state = openingState({
    ...{kind: 'demo', host: 'mini.local', release: '2026.9.6', port: 18_789, now, readonly: false},
    trustedProxies: ['127.0.0.1'],
  })
  return having(
    state,
    {type: 'resized', ...size},
    {type: 'sources-changed', sources: [{name: file, state: 'reading', because: null, lastLineAt: now - 2000}]},
    {type: 'lines-received', lines},
    {type: 'ticked', now},
  )
}

const made = planOf('rotate', factsFor('2026.9.6', {clients: ['control-ui from 100.64.0.7']}))
if (isRefusal(made)) throw new Error(made.refused.title)

const pictures: Readonly<Record<string, {title: string; state: State}>> = {
  clients: {title: 'The screen of gatecrab: who is refused, why, since when, and what helps', state: opened()},
  problems: {
    title: 'The problems, each with the key of what helps',
    state: having(opened(), {type: 'overlay-opened', overlay: {kind: 'problems', top: 0, chosen: null}}),
  },
  plan: {
    title: 'A plan, before it runs',
    state: having(opened(), {type: 'fix-asked', fix: 'rotate'}, {type: 'plan-made', plan: made}),
  },
}

/** `npm run pictures` draws them; otherwise they are compared, so that they cannot show what the program does not. */
test.each(
  Object.entries(pictures).flatMap(([name, {title, state}]) =>
    (['dark', 'light'] as const).map(look => ({name, look, title, state})),
  ),
)('the picture $name, $look, is what the program draws', async ({name, look, title, state}) => {
  const theme = themeFor({colour: true, isAscii: false, name: look})
  const lines = drawnLines(createElement(Screen, {state, theme})).flatMap(block => block.lines)
  const svg = svgOf(lines, size, palettes[look], title)
  const at = path.join(import.meta.dirname, `../../.github/pictures/${name}-${look}.svg`)
  if (process.env['DRAW_PICTURES']) fs.writeFileSync(at, svg)
  expect(fs.readFileSync(at, 'utf8')).toBe(svg)
  expect(svg.length).toBeLessThan(20_000)
})
