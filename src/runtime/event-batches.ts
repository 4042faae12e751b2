import type {Readable} from 'node:stream'
import type {LogEvent, LogLine} from '../domain/attempts/event.ts'
import {type LogTally, type Tallies, tallyIn} from '../domain/log-source.ts'
import {readLogLine} from '../gateway/lines/log-line.ts'
import {mergeByTime} from '../sources/log/backlog.ts'
import type {RawLine} from '../sources/log/follower.ts'
import {pipedLines} from '../sources/log/piped-lines.ts'
import {readLarge} from '../sources/log/worker-client.ts'
import type {ConsoleRead} from './container-console.ts'
import {isPiped, type Options} from './options.ts'

/** A stream, line by line, until it ends. `file` is how its lines are called. */
async function* pipedEvents(stream: Readable, file: string, now: number, tally: LogTally): AsyncGenerator<LogLine> {
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

/** In batches: to ask for each line would take longer than reading it. */
export type EventBatches = Iterable<readonly LogEvent[]> | AsyncIterable<readonly LogEvent[]>

function* oneByOne(batches: Iterable<readonly LogEvent[]>): Generator<LogEvent> {
  for (const batch of batches) yield* batch
}

async function* together(files: Iterator<LogEvent>, pipe: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent[]> {
  let next = files.next()
  for await (const line of pipe) {
    for (; !next.done && next.value.at <= line.at; next = files.next()) yield [next.value]
    yield [line]
  }
  for (; !next.done; next = files.next()) yield [next.value]
}

/** What the files, and the pipe that was named or the console of a container, tell as one log by time. */
export const eventBatches = (
  options: Options,
  files: readonly string[],
  now: number,
  more: {tallies?: Tallies; console?: ConsoleRead | null} = {},
): EventBatches => {
  const {tallies = new Map(), console = null} = more
  const batches = mergeByTime(files, now, readLarge, tallies)
  const piped = (stream: Readable, name: string) =>
    together(oneByOne(batches), pipedEvents(stream, name, now, tallyIn(tallies, name)))
  if (console) return piped(console.stream, console.name)
  return isPiped(options) ? piped(process.stdin, '-') : batches
}

/** Only a pipe is waited for. */
export const readEvents = async (lines: EventBatches, onEvent: (line: LogEvent) => void): Promise<void> => {
  if (Symbol.iterator in lines) for (const batch of lines) for (const line of batch) onEvent(line)
  else for await (const batch of lines) for (const line of batch) onEvent(line)
}
