import fs from 'node:fs'
import path from 'node:path'
import {Readable} from 'node:stream'
import {expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {unknownLife} from '../../src/domain/gateway-lifecycle.ts'
import {timelineEventOf} from '../../src/domain/timeline/timeline.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'
import {closedAfterwards, scratchFolder} from '../stress/recorder.ts'

const piped = (chunks: readonly Buffer[]): Promise<LogLine[]> =>
  new Promise(resolve => {
    const lines: LogLine[] = []
    const log = followLogs({
      places: [],
      consoles: [],
      systemdUnit: null,
      piped: Readable.from(chunks) as unknown as NodeJS.ReadStream,
      from: 'start',
      onLines: more => lines.push(...more),
      onSources: () => {},
      onEnd: () => {
        log.close()
        resolve(lines)
      },
    })
  })

test('a line that was clipped says how long it was', async () => {
  const lines = await piped([Buffer.from('short\n'), Buffer.alloc(65 * 2 ** 20, 'x'), Buffer.from('\nafter\n')])
  expect(lines.map(({text}) => text.replace(/^x{4096}…/, 'x…'))).toEqual([
    'short',
    `x… [clipped: ${64 * 2 ** 20} characters] [of ${65 * 2 ** 20} bytes]`,
    'after',
  ])
})

test('a log that is emptied says so on the timeline, and where its last lines were found or that they may be lost', async () => {
  const file = path.join(scratchFolder(), 'gateway.jsonl')
  fs.writeFileSync(file, 'one\n')
  const lines: LogLine[] = []
  const log = closedAfterwards(
    followLogs({
      places: [{kind: 'file', file}],
      ...{consoles: [], systemdUnit: null, piped: null, from: 'start'},
      onLines: more => lines.push(...more),
      onSources: () => {},
    }),
  )
  await log.caughtUp()
  fs.appendFileSync(file, 'two\n')
  fs.copyFileSync(file, `${file}.1`)
  fs.writeFileSync(file, '3\n')
  await log.caughtUp()
  fs.writeFileSync(file, '4')
  fs.appendFileSync(file, '\n')
  await log.caughtUp()
  const timeline = lines.flatMap(line => (line.event ? (timelineEventOf(line.event, line, unknownLife())?.text ?? []) : []))
  expect(timeline).toEqual([
    `the log was emptied (copytruncate); its last lines were read from ${file}.1`,
    'the log was emptied, and no copy with later lines was found: lines written just before may be lost',
  ])
})
