import {Readable} from 'node:stream'
import {expect, test} from 'vitest'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'

const piped = (chunks: readonly Buffer[]): Promise<LogLine[]> =>
  new Promise(resolve => {
    const lines: LogLine[] = []
    const log = followLogs({
      places: [],
      consoles: [],
      journal: null,
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
