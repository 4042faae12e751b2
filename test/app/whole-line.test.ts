import {describe, expect, test} from 'vitest'
import type {WrittenRows} from '../../src/app/rows/rows.ts'
import {wholeLineTexts} from '../../src/app/whole-line.ts'
import {every, refusal} from '../domain/event-builders.ts'
import {having, lines, nth, opened, readLines, type Session, typed} from './app-driver.ts'

const log = typed(readLines(opened(), lines(1, 30)), '3')
const lineOf = ({state}: Session) => (state.overlay?.kind === 'line' ? state.overlay : null)

describe('the whole line', () => {
  const open = typed(log, 'k k enter')

  test('opens with enter on a row of the log, and its file is asked for the raw one', () => {
    expect([lineOf(open)?.line.text, lineOf(open)?.raw]).toEqual(['line 28', null])
    expect(open.effects.at(-1)).toMatchObject({type: 'read-line', line: {text: 'line 28'}})
    const id = lineOf(open)?.line.id ?? 0
    expect(lineOf(having(open, {type: 'line-read', id, raw: '{"a":1}'}))?.raw).toBe('{"a":1}')
    expect(lineOf(having(open, {type: 'line-read', id: id + 1, raw: 'another'}))?.raw).toBeNull()
  })

  test('is wrapped, or goes sideways, and is closed by any other key', () => {
    expect([lineOf(open)?.isWrapped, lineOf(typed(open, 'w'))?.isWrapped]).toEqual([true, false])
    expect([lineOf(typed(open, 'l right h'))?.left, lineOf(typed(open, 'h'))?.left, lineOf(typed(open, 'l'))?.isWrapped]).toEqual(
      [20, 0, false],
    )
    expect(lineOf(typed(open, 'l l w'))).toMatchObject({isWrapped: true, left: 0})
    expect([typed(open, 'esc').state.overlay, typed(open, 'esc').state.panel]).toEqual([null, 'log'])
  })

  test('is copied as it is shown', () => {
    const id = lineOf(open)?.line.id ?? 0
    expect(typed(having(open, {type: 'line-read', id, raw: '{"a":1}'}), 'y').effects.at(-1)).toEqual({
      type: 'copy',
      text: '{\n  "a": 1\n}',
    })
  })

  test('is JSON a value a line, cleaned of what strangers wrote and without secrets', () => {
    const line = {...nth(1, 'a\u001b[2Jb'), id: 1}
    expect(wholeLineTexts({line, raw: null})).toEqual(['ab'])
    expect(wholeLineTexts({line, raw: 'no json \u202e{'})).toEqual(['no json {'])
    const raw = JSON.stringify({0: 'x\u001b]0;y\u0007', token: 'Bearer abcdefghijkl', at: {n: [1]}})
    const texts = wholeLineTexts({line, raw})
    expect(texts).toContain('    "n": [')
    expect(texts.join('')).not.toMatch(/[\u0000-\u001f]|abcdefghijkl/)
  })
})

describe(':write', () => {
  const written = (session: Session): WrittenRows | null => {
    const effect = session.effects.at(-1)
    return effect?.type === 'write-rows' ? effect.rows : null
  }

  test('takes the lines that the filter leaves', () => {
    const rows = written(typed(log, '/ "line 2" enter : "write out.log" enter'))
    expect(rows?.is === 'lines' && rows.lines.map(({text}) => text)).toHaveLength(12)
  })

  test('takes the rows of another panel as a table, with whole times', () => {
    const attempts = typed(
      readLines(
        opened(),
        every(3, 1, (n, seconds) => refusal(n, seconds)),
      ),
      '2 : "write out.txt" enter',
    )
    const rows = written(attempts)
    if (rows?.is !== 'table') throw new Error('no table')
    expect(rows.texts).toHaveLength(4)
    expect(rows.texts[0]).toMatch(/ TIME +CLIENT +FROM +CODE/)
    expect(rows.texts[1]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z .*token-mismatch/)
  })

  test('asks for a name', () => {
    expect(typed(log, ': "write" enter').state.notice?.text).toBe('write takes the name of a new file')
  })
})
