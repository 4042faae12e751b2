import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect} from 'vitest'
import type {LogEvent} from '../../src/domain/attempts/event.ts'
import {createTally} from '../../src/domain/log-source.ts'
import {createPacker, createUnpacker, packLine, takePacked, unpack} from '../../src/gateway/lines/fast/packing.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {backlog, createReadPosition, everyLine, readChunk} from '../../src/sources/log/backlog.ts'
import {fileStart, splitLines} from '../../src/sources/log/line-splitter.ts'
import {linesBefore} from '../../src/sources/log/lines-before.ts'
import {captureDay, eventsFrom} from '../stories/captures.ts'
import {dice, ofOthers} from '../stories/other-lines.ts'
import {logLines} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated, withStrayBytes} from './mutations.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-fuzz-'))
afterAll(() => fs.rmSync(folder, {recursive: true}))
const file = path.join(folder, 'log.jsonl')
const corpus = logLines()

/**
 * A log says the same things over and over, which is what the fast reader lives on: each line some times, with other ids and
 * times, and some of them spoilt.
 */
const manyLines = fc
  .tuple(
    fc.array(fc.constantFrom(...corpus), {minLength: 1, maxLength: 4}),
    fc.array(mutated(corpus, 2), {maxLength: 6}),
    fc.nat(),
  )
  .map(([kinds, spoilt, seed]) => {
    const roll = dice(seed)
    const repeated = [1, 2, 3].flatMap(() => kinds.map(line => ofOthers(line, roll)))
    return spoilt.reduce((lines, line) => lines.toSpliced(roll(lines.length + 1), 0, line), repeated)
  })

/** A mutation of a line that occurs beside it: the same template, something else in it. */
const almostAlike = fc
  .constantFrom(...corpus)
  .chain(line => fc.tuple(fc.constant(line), fc.array(mutated([line], 2), {minLength: 1, maxLength: 8}), fc.nat()))
  .map(([line, spoilt, seed]) => {
    const roll = dice(seed)
    return [line, ofOthers(line, roll), ...spoilt.flatMap(one => [one, ofOthers(line, roll), ofOthers(one, roll)])]
  })

const logs = fc
  .tuple(fc.oneof(manyLines, almostAlike), fc.constantFrom('\n', '\n', '\n', '\r\n'))
  .map(([lines, end]) => lines.join(end))

const read = (lines: readonly LogEvent[]) =>
  lines.flatMap(({at, from, event}) => (event === null ? [] : [{at, from, event: {...event, isShared: null}}]))

const readPlainly = (bytes: Buffer) => {
  const tally = createTally(file)
  let lastAt = 0
  const splitter = splitLines(file, fileStart, () => {})
  const raw = [...splitter.push(bytes)].flat()
  const last = splitter.flushPartialLine()
  const lines = (last === null ? raw : [...raw, last]).map(line => {
    const found = readLogLine(line.raw, {file, line: line.line}, lastAt, captureDay, tally)
    lastAt = found.at
    return found
  })
  return {lines, tally}
}

const readFast = (bytes: Buffer) => {
  fs.writeFileSync(file, bytes)
  const tally = createTally(file)
  return {lines: [...backlog(file, captureDay, {tally})].flat(), tally}
}

const readPacked = (bytes: Buffer) => {
  const position = createReadPosition(file, captureDay)
  const packer = createPacker()
  const others: LogEvent[] = []
  readChunk(bytes, position, others, (_, chunk, start, end) => packLine(packer, position, chunk, start, end))
  return unpack(createUnpacker(), takePacked(packer, others), bytes, file)
}

const known = (lines: readonly LogEvent[]) => {
  const {world, attempts} = eventsFrom(lines)
  const {owners: _, ...rest} = world
  return {attempts, clients: [...rest.clients.byKey], timeline: rest.timeline, refused: rest.refused, hidden: rest.hidden}
}

describe('both readers of a log', () => {
  fuzz('fast and plain reader', {
    inputs: withStrayBytes(logs, 2),
    count: 300,
    run: bytes => ({fast: readFast(bytes), plain: readPlainly(bytes)}),
    check: ({fast, plain}, bytes) => {
      expect(read(fast.lines)).toEqual(read(plain.lines))
      const {formless, firstFormless: _, odd, firstOdd, ...counts} = fast.tally
      expect({...plain.tally, ...counts}).toEqual(plain.tally)
      // The second record of a line whose first tells nothing is not looked for.
      if (!bytes.includes('}{"')) expect({odd, firstOdd}).toEqual({odd: plain.tally.odd, firstOdd: plain.tally.firstOdd})
      // What begins as a record that tells nothing is passed over unread, and may be broken further on.
      expect(formless).toBeLessThanOrEqual(plain.tally.formless)
      expect(known(fast.lines)).toEqual(known(plain.lines.filter(({event}) => event !== null)))
    },
  })

  fuzz('packed and fast reader', {
    inputs: withStrayBytes(logs, 2),
    count: 200,
    run: bytes => ({packed: readPacked(bytes), fast: readFast(bytes)}),
    check: ({packed, fast}) => expect(packed).toEqual(fast.lines),
  })
})

/** Few kinds of bytes, so that ends of lines, holes and cut characters meet at the cuts. */
const oddBytes = fc
  .array(
    fc.oneof(
      {weight: 3, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\0', '\0\0\0', 'a', 'é', '漢', '👩‍👩‍👧', '\n\n', '\n\0\0')},
      {weight: 1, arbitrary: fc.constantFrom(...corpus)},
      {weight: 1, arbitrary: fc.nat(20_000).map(length => '\0'.repeat(length))},
    ),
    {maxLength: 30},
  )
  .map(parts => parts.join(''))

const bytesAndCuts = fc.tuple(withStrayBytes(oddBytes), fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 12}))

const chunksOf = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const ends = [...cuts.map(cut => Math.floor(cut * bytes.length)), bytes.length].toSorted((a, b) => a - b)
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
}

const linesOf = (chunks: readonly Buffer[]) => {
  const splitter = splitLines('log', fileStart, () => {})
  const lines = chunks.flatMap(chunk => [...splitter.push(Buffer.from(chunk))].flat())
  const last = splitter.flushPartialLine()
  return last === null ? lines : [...lines, last]
}

describe('lines', () => {
  fuzz('lines out of chunks', {
    inputs: bytesAndCuts,
    count: 500,
    run: ([bytes, cuts]) => linesOf(chunksOf(bytes, cuts)),
    check: (lines, [bytes]) => {
      expect(lines).toEqual(linesOf([bytes]))
      expect(lines.map(({line}) => line)).toEqual(lines.map((_, i) => i + 1))
      for (const {raw, offset} of lines) expect(bytes.toString('utf8', offset).startsWith(raw)).toBe(true)
    },
  })

  fuzz('lines of a file, whole and backwards', {
    inputs: fc.tuple(
      withStrayBytes(oddBytes).map(bytes => Buffer.concat([bytes, Buffer.from('\n')])),
      fc.integer({min: 1, max: 5000}),
    ),
    count: 60,
    isTimed: false,
    run: async ([bytes, room]) => {
      fs.writeFileSync(file, bytes)
      const backwards = []
      for (
        let found = await linesBefore(file, {line: Infinity}, room);
        found;
        found = await linesBefore(file, found.cursor, room)
      )
        backwards.unshift(...found.lines)
      return {backwards, whole: [...everyLine(file)]}
    },
    check: ({backwards, whole}, [bytes]) => {
      const forwards = linesOf([bytes])
      expect(backwards.map(({raw, line}) => ({raw, line}))).toEqual(forwards.map(({raw, line}) => ({raw, line})))
      const texts = whole.map(({raw}) => raw.replace(/^\0+/, '').replace(/\r$/, ''))
      expect(texts.filter(Boolean)).toEqual(forwards.map(({raw}) => raw).filter(Boolean))
    },
  })
})
