import {expect, test} from 'vitest'
import {captured, eventsFrom, rawLines, readLines} from './captures.ts'

const now = Date.parse('2026-11-30T23:59:59Z')

const attemptsIn = (file: string) =>
  eventsFrom(readLines(rawLines(captured('2026.9.6', file)), file, now)).attempts.map(
    ({outcome, closeCode, reason, detail, client}) => ({outcome, closeCode, reason, detail, id: client.id, mode: client.mode}),
  )

test('a gateway that writes colours into its log (FORCE_COLOR, --verbose) hides neither who got in nor bad JSON', () => {
  const attempts = attemptsIn('coloured.jsonl')
  expect(attempts).toHaveLength(13)
  expect(attempts.filter(({outcome}) => outcome === 'connected')).toHaveLength(2)
  expect(attempts.filter(({detail}) => detail === 'bad-json')).toHaveLength(1)
})

test('the log and the console of a gateway that writes colours tell the same', () => {
  expect(attemptsIn('coloured.console.log')).toEqual(attemptsIn('coloured.jsonl'))
})

test('no colour is left in the text of a line that is shown', () => {
  const lines = readLines(rawLines(captured('2026.9.6', 'coloured.jsonl')), 'coloured.jsonl', now)
  expect(lines.filter(({text}) => /\u001b|\[\d+m/.test(text))).toEqual([])
})
