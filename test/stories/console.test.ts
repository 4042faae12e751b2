import {describe, expect, test} from 'vitest'
import {type Attempt, isFailed} from '../../src/domain/attempts/attempt.ts'
import {captures, type Expected, eventsFrom, rawLines, readLines} from './captures.ts'

/** Ways in which a console's lines reach us: what a service manager puts before them, and what a terminal adds. */
const carried: Readonly<Record<string, (line: string, i: number) => string>> = {
  'as it was written': line => line,
  'behind the name of a docker compose service': line => `gateway-1  | ${line}`,
  'behind the times of docker logs -t': line => `2026-11-21T10:18:21.555123456Z ${line}`,
  'behind the name of a kubectl pod': line => `[pod/openclaw-gateway-0/gateway] ${line}`,
  "behind the journal's time, host and unit": (line, i) => `Nov 21 10:18:21 vm openclaw-gateway[${4000 + i}]: ${line}`,
  'in the colours of a terminal': line =>
    line.replace(
      /^(\S+T\S+) (\[[^\]]+\]) (.*)$/,
      (_line, time, subsystem, text) =>
        `\u001b[90m${time}\u001b[39m \u001b[36m${subsystem}\u001b[39m \u001b[33m${text}\u001b[39m`,
    ),
  'with a time of day alone': line => line.replace(/^\S+T(\d\d:\d\d:\d\d)\S* /, '$1 '),
}

const evaluatedBy = ({id, outcome, closeCode, reason, cause, authReason, alsoHidden}: Attempt) => ({
  id,
  outcome,
  closeCode,
  reason,
  cause,
  authReason,
  alsoHidden,
})

const refusalsOf = ({attempts}: Expected) => attempts.filter(isFailed).map(evaluatedBy)
const visitsOf = ({attempts}: Expected) => attempts.filter(attempt => !isFailed(attempt)).map(evaluatedBy)

const withConnections = captures.filter(({story}) => story !== 'provider-auth')

describe.each(withConnections)('the console of $name', capture => {
  const truth = eventsFrom(readLines(rawLines(capture.jsonl)))
  const raw = rawLines(capture.console)

  test.each(Object.entries(carried))('%s', (_how, carry) => {
    const output = eventsFrom(readLines(raw.map(carry)))
    expect(refusalsOf(output)).toEqual(refusalsOf(truth))
    expect(visitsOf(output)).toEqual(visitsOf(truth))
  })

  test('written as JSON', () => {
    const output = eventsFrom(readLines(rawLines(capture.jsonl).flatMap(asJsonConsole)))
    expect(output.attempts).toEqual(truth.attempts.map(attempt => ({...attempt, evidence: expect.any(Array)})))
  })

  test('a closer reason is the one that the log tells, or none', () => {
    const output = eventsFrom(readLines(raw))
    for (const attempt of output.attempts) {
      const same = truth.attempts.find(({id}) => id === attempt.id)
      expect([same?.detail, null]).toContain(attempt.detail)
    }
  })
})

/** A container with a terminal, and a Windows pipe, end each line with both. */
test('a console with the line ends of Windows tells the same', () => {
  for (const {jsonl, console} of withConnections) {
    const output = eventsFrom(readLines(rawLines(console).map(line => `${line}\r`)))
    expect(refusalsOf(output)).toEqual(refusalsOf(eventsFrom(readLines(rawLines(jsonl)))))
  }
})

test('a log with the line ends of Windows tells the same', () => {
  for (const {jsonl} of captures) {
    const output = eventsFrom(readLines(rawLines(jsonl).map(line => `${line}\r`)))
    expect(output.attempts).toEqual(eventsFrom(readLines(rawLines(jsonl))).attempts)
  }
})

/** `logging.consoleStyle: json`: the meta first, then time, level, subsystem and message. */
const asJsonConsole = (line: string): string[] => {
  const {time, _meta, ...fields} = JSON.parse(line) as {time: string; _meta: {logLevelName: string}; [field: string]: unknown}
  const [subsystem] = Object.values(JSON.parse(String(fields['0']).startsWith('{') ? String(fields['0']) : '{}'))
  const text = [fields['1'], fields['2']]
  const message = text.findLast(part => typeof part === 'string')
  if (typeof subsystem !== 'string' || message === undefined) return []
  const meta = text.find(part => typeof part === 'object') ?? {}
  return [JSON.stringify({...meta, time, level: _meta.logLevelName.toLowerCase(), subsystem, message})]
}
