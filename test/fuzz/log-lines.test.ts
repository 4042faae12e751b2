import fc from 'fast-check'
import {describe, expect} from 'vitest'
import {levels} from '../../src/domain/attempts/event.ts'
import {createTally} from '../../src/domain/log-source.ts'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {stringsIn, unsafeTexts} from '../gateway/unsafe-text.ts'
import {captureDay} from '../stories/captures.ts'
import {logLines} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated} from './mutations.ts'

const from = {file: 'log', line: 7}
const maxShownLength = 5000
const corpus = logLines()
const isConsole = (line: string): boolean => !line.startsWith('{')

const expectShowable = (value: unknown): void => {
  expect(unsafeTexts(value)).toEqual([])
  for (const text of stringsIn(value)) expect(text.length).toBeLessThan(maxShownLength)
}

describe.each([
  {what: 'JSONL', lines: corpus.filter(line => !isConsole(line))},
  {what: 'a console', lines: corpus.filter(isConsole)},
])('a line of $what', ({what, lines}) => {
  fuzz(`log line of ${what}`, {
    inputs: mutated(lines),
    count: 1500,
    run: raw => readLogLine(raw, from, 5, captureDay, createTally('log')),
    check: line => {
      expectShowable(line)
      expect(Number.isFinite(line.at)).toBe(true)
      expect(levels).toContain(line.level)
      expect(line.from).toEqual(from)
    },
  })
})

describe('a log', () => {
  fuzz('log, applied to what is known', {
    inputs: fc.array(mutated(corpus, 2), {minLength: 1, maxLength: 24}),
    count: 200,
    run: raws => {
      const world = createWorld()
      const attempts = raws.flatMap((raw, i) => {
        const change = applyLine(world, readLogLine(raw, {file: 'log', line: i + 1}, 5, captureDay))
        return change?.isNew ? [change.attempt] : []
      })
      expirePending(world, Infinity)
      return {world, attempts}
    },
    check: ({world, attempts}, raws) => {
      const {attempts: _, owners: __, ...known} = world
      expectShowable({known, attempts})
      expect(world.recent.length).toBeLessThanOrEqual(raws.length)
      expect(world.clients.byKey.size).toBeLessThanOrEqual(raws.length)
    },
  })
})
