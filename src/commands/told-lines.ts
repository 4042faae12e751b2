import type {Told} from '../domain/event.ts'
import {merged} from '../sources/backlog.ts'
import type {Given} from './flags.ts'
import {pipedEvents} from './piped.ts'

export type ToldLines = Iterable<Told> | AsyncIterable<Told>

async function* together(files: Iterator<Told>, pipe: AsyncIterable<Told>): AsyncGenerator<Told> {
  let next = files.next()
  for await (const line of pipe) {
    for (; !next.done && next.value.at <= line.at; next = files.next()) yield next.value
    yield line
  }
  for (; !next.done; next = files.next()) yield next.value
}

/** What the files and the pipe that were named tell, as one log by time. */
export const toldLines = (given: Given, files: readonly string[], now: number): ToldLines => {
  const lines = merged(files, now)
  return given.list('log').includes('-') ? together(lines, pipedEvents(now)) : lines
}

/** A line at a time; waiting for each would take longer than reading it, so only a pipe is waited for. */
export const hearAll = async (lines: ToldLines, heard: (line: Told) => void): Promise<void> => {
  if (Symbol.iterator in lines) for (const line of lines) heard(line)
  else for await (const line of lines) heard(line)
}
