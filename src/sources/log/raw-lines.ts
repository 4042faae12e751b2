import {setImmediate as turn} from 'node:timers/promises'
import type {LogLine} from '../../domain/attempts/event.ts'
import {readLogLine} from '../../gateway/lines/log-line.ts'
import {everyLine} from './backlog.ts'
import {isSystemError} from './follow-events.ts'
import {linesBefore} from './lines-before.ts'

/** A log that was rotated since has another line in its place. */
const isTheLine = (raw: string, {from, text}: LogLine): boolean => readLogLine(raw, from, 0, 0).text === text

/** As it stands in its file; null where that is gone, or was none. */
export const readRawLine = async (line: LogLine): Promise<string | null> => {
  const found = await linesBefore(line.from.file, {line: line.from.line + 1}, 1)
  const raw = found?.lines.at(-1)?.raw
  return raw !== undefined && isTheLine(raw, line) ? raw : null
}

const linesATurn = 2000

/** The keys are answered between two turns: a file may be large. */
const fillFrom = async (file: string, wanted: ReadonlyMap<number, LogLine>, found: Map<LogLine, string>): Promise<void> => {
  const last = Array.from(wanted.keys()).reduce((greatest, line) => Math.max(greatest, line), 0)
  for (const {raw, line} of everyLine(file)) {
    const one = wanted.get(line)
    if (one && isTheLine(raw, one)) found.set(one, raw)
    if (line >= last) return
    if (line % linesATurn === 0) await turn()
  }
}

/** Those of many lines that can still be read; each file is read once. */
export const readRawLines = async (lines: readonly LogLine[]): Promise<ReadonlyMap<LogLine, string>> => {
  const found = new Map<LogLine, string>()
  for (const [file, own] of Map.groupBy(lines, ({from}) => from.file)) {
    try {
      await fillFrom(file, new Map(own.map(line => [line.from.line, line])), found)
    } catch (error) {
      if (!isSystemError(error)) throw error
    }
  }
  return found
}
