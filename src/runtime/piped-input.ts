import type {Readable} from 'node:stream'
import type {LogLine} from '../domain/attempts/event.ts'
import type {LogTally} from '../domain/log-source.ts'
import {readLogLine} from '../gateway/lines/log-line.ts'
import type {RawLine} from '../sources/log/follower.ts'
import {pipedLines} from '../sources/log/piped-lines.ts'

/** A stream, line by line, until it ends. `file` is how its lines are called. */
export async function* pipedEvents(stream: Readable, file: string, now: number, tally: LogTally): AsyncGenerator<LogLine> {
  const batches: RawLine[][] = []
  let isOver = false
  let wake = () => {}
  const pipe = pipedLines(stream, {
    file,
    onLines: lines => {
      batches.push(lines)
      wake()
    },
    onState: () => {},
    onEnd: () => {
      isOver = true
      wake()
    },
  })
  let lastAt = 0
  for (;;) {
    const batch = batches.shift()
    if (batch) {
      for (const {file, line, raw} of batch) {
        const read = readLogLine(raw, {file, line}, lastAt, now, tally)
        lastAt = read.at
        yield read
      }
    } else if (isOver) break
    else await new Promise<void>(resolve => (wake = resolve))
  }
  pipe.close()
}
