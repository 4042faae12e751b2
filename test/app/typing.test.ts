import {describe, expect, test} from 'vitest'
import {panelIds, panels} from '../../src/app/panels/panels.ts'
import {openingState} from '../../src/app/state.ts'
import {withSavedFilters} from '../../src/app/typing.ts'
import {every, refusal} from '../domain/event-builders.ts'
import {chosenText, countOf, lines, opened, readLines, typed} from './app-driver.ts'

const log = typed(readLines(opened(), lines(1, 120)), '3')
const refusals = readLines(
  opened(),
  every(30, 1, (n, seconds) => refusal(n, seconds)),
)

describe('while a filter is typed', () => {
  test('the rows narrow with each key, and enter keeps them', () => {
    const counts = ['"line"', '"line 1"', '"line 11"', '"line 119"'].map(text => countOf(typed(log, `/ ${text}`)))
    expect(counts).toEqual([120, 40, 11, 1])
    const kept = typed(log, '/ "line 11" enter')
    expect([countOf(kept), kept.state.filter.text, kept.state.prompt]).toEqual([11, 'line 11', null])
  })

  test('esc brings back what was there before, with the row that the cursor was on', () => {
    const before = typed(log, 'k k k')
    const after = typed(before, '/ "line 7" esc')
    expect([countOf(after), chosenText(after), after.state.filter.text]).toEqual([120, 'line 117', ''])
    const filtered = typed(before, '/ "line 11" enter')
    expect(typed(filtered, '/ ctrl+u "nothing like it" esc').state.filter.text).toBe('line 11')
  })

  test('what a search or a command is typed of narrows nothing', () => {
    expect([countOf(typed(log, 's "nobody"')), countOf(typed(log, ': "nobody"'))]).toEqual([120, 120])
  })

  test('an expression that is not whole yet is looked for as text, and what is wrong with it is said', () => {
    const open = typed(log, '/ "/line (1/"')
    expect([countOf(open), open.state.filter.problem]).toEqual([0, '/line (1/ is taken as text: a ( is not closed'])
    expect(typed(open, 'enter').state.notice?.text).toBe('/line (1/ is taken as text: a ( is not closed')
    expect(countOf(typed(log, '/ "/line (1|2)$/"'))).toBe(2)
  })
})

describe('the names of the fields', () => {
  test('are completed by Tab, one after the other', () => {
    const text = (keys: string) => typed(refusals, `/ ${keys}`).state.prompt?.text
    expect(text('"re" tab')).toBe('reason:')
    expect(text('"!re" tab')).toBe('!reason:')
    expect(text('"token co" tab "10"')).toBe('token code:10')
    expect(text('tab')).toBe('client:')
    expect(text('tab tab tab')).toBe('from:')
    expect(text('"zz" tab')).toBe('zz')
    expect(text('"reason:to" tab')).toBe('reason:to')
  })

  test('are those that the rows have, in every panel', () => {
    const rows = {clients: refusals, attempts: typed(refusals, '2'), log}
    for (const [panel, session] of Object.entries(rows)) {
      const {fields, view} = panels[panel as keyof typeof rows]
      expect(Object.keys(view(session.state, false).rows.rowAt(0).search.named).toSorted()).toEqual([...fields].toSorted())
    }
    for (const panel of panelIds) expect(panels[panel].fields.length).toBeGreaterThan(2)
  })

  test('may be asked for a number', () => {
    const shown = (text: string) => countOf(typed(refusals, `/ "${text}" enter`))
    expect([shown('count>29'), shown('count>30'), shown('count>=30'), shown('count<5'), shown('!count<5')]).toEqual([
      1, 0, 1, 0, 1,
    ])
    expect(countOf(typed(refusals, '2 / "code>=1008" enter'))).toBe(30)
    expect(countOf(typed(refusals, '2 / "code<1008" enter'))).toBe(0)
  })
})

describe('what was typed earlier', () => {
  const twice = typed(log, '/ "line 1" enter / ctrl+u "line 2" enter')
  const text = (keys: string) => typed(twice, keys).state.prompt?.text

  test('comes back with Up, and goes with Down to what was being typed', () => {
    expect(text('/ up')).toBe('line 2')
    expect(text('/ up up')).toBe('line 1')
    expect(text('/ up up up')).toBe('line 1')
    expect(text('/ ctrl+u "new" up up down down')).toBe('new')
  })

  test('narrows the rows as if it were typed', () => {
    expect(countOf(typed(twice, '/ up up'))).toBe(40)
  })

  test('is kept apart for filters, searches and commands, once each', () => {
    expect(text('s up')).toBe('')
    const again = typed(twice, '/ ctrl+u "line 1" enter : "log" enter')
    expect(again.state.typedEarlier).toEqual({filter: ['line 2', 'line 1'], search: [], command: ['log']})
  })
})

describe('a filter with a name', () => {
  test('is saved and comes back by it', () => {
    const saved = typed(log, '/ "line 11" enter : "filter save elevens" enter')
    expect(saved.state.notice?.text).toBe('Saved: :filter elevens shows this again, :filter forget elevens forgets it')
    expect(saved.effects).toContainEqual({type: 'keep-filter', name: 'elevens', text: 'line 11'})
    expect(countOf(typed(saved, ': "clear" enter : "filter elevens" enter'))).toBe(11)
    expect(countOf(typed(saved, ': "clear" enter : "filter line 5" enter'))).toBe(21)
  })

  test('is forgotten by it', () => {
    const saved = typed(log, '/ "line 11" enter : "filter save elevens" enter')
    const forgotten = typed(saved, ': "filter forget elevens" enter')
    expect(forgotten.effects.at(-1)).toEqual({type: 'keep-filter', name: 'elevens', text: null})
    expect(countOf(typed(forgotten, ': "clear" enter : "filter elevens" enter'))).toBe(0)
    expect(typed(saved, ': "filter forget tens" enter').state.notice?.text).toBe('No filter is called “tens”; there are elevens')
  })

  test('is asked for where there is none, and without a name', () => {
    expect(typed(log, ': "filter save x" enter').state.notice?.text).toBe('There is no filter to save: / sets one')
    expect(typed(log, ': "filter save" enter').state.notice?.text).toContain('takes a name')
  })

  test('may be given from outside', () => {
    const state = withSavedFilters(openingState({kind: 'live', host: 'vm', release: null, port: null, now: 0, readonly: false}), [
      ['old', 'reason:token'],
    ])
    expect(typed({state, effects: []}, ': "filter old" enter').state.filter.text).toBe('reason:token')
  })
})
