import type {Readable} from 'node:stream'
import type {Told} from '../../domain/attempts/event.ts'
import {type Tallies, tallyIn} from '../../domain/log-tally.ts'
import {merged} from '../../sources/log/backlog.ts'
import {longBacklog} from '../../sources/log/long-backlog.ts'
import type {Given} from '../flags.ts'
import type {ConsoleRead} from '../known/container-console.ts'
import {pipedEvents} from '../known/piped.ts'

/** In batches: to ask for each line would take longer than reading it. */
export type ToldLines = Iterable<readonly Told[]> | AsyncIterable<readonly Told[]>

function* oneByOne(batches: Iterable<readonly Told[]>): Generator<Told> {
  for (const batch of batches) yield* batch
}

async function* together(files: Iterator<Told>, pipe: AsyncIterable<Told>): AsyncGenerator<Told[]> {
  let next = files.next()
  for await (const line of pipe) {
    for (; !next.done && next.value.at <= line.at; next = files.next()) yield [next.value]
    yield [line]
  }
  for (; !next.done; next = files.next()) yield [next.value]
}

/** What the files, and the pipe that was named or the console of a container, tell as one log by time. */
export const toldLines = (
  given: Given,
  files: readonly string[],
  now: number,
  more: {tallies?: Tallies; console?: ConsoleRead | null} = {},
): ToldLines => {
  const {tallies = new Map(), console = null} = more
  const batches = merged(files, now, longBacklog, tallies)
  const piped = (stream: Readable, name: string) =>
    together(oneByOne(batches), pipedEvents(stream, name, now, tallyIn(tallies, name)))
  if (console) return piped(console.stream, console.name)
  return given.list('log').includes('-') ? piped(process.stdin, '-') : batches
}

/** Only a pipe is waited for. */
export const hearAll = async (lines: ToldLines, heard: (line: Told) => void): Promise<void> => {
  if (Symbol.iterator in lines) for (const batch of lines) for (const line of batch) heard(line)
  else for await (const batch of lines) for (const line of batch) heard(line)
}
