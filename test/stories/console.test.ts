import {describe, expect, test} from 'vitest'
import {type Attempt, failed} from '../../src/domain/attempts/attempt.ts'
import {captures, rawLines, readLines, type Told, toldBy} from './captures.ts'

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

const judged = ({id, outcome, closeCode, reason, cause, authReason, alsoHidden}: Attempt) => ({
  id,
  outcome,
  closeCode,
  reason,
  cause,
  authReason,
  alsoHidden,
})

const refusalsOf = ({attempts}: Told) => attempts.filter(failed).map(judged)
const visitsOf = ({attempts}: Told) => attempts.filter(attempt => !failed(attempt)).map(judged)

const withConnections = captures.filter(({story}) => story !== 'provider-auth')

describe.each(withConnections)('the console of $name', capture => {
  const truth = toldBy(readLines(rawLines(capture.jsonl)))
  const raw = rawLines(capture.console)

  test.each(Object.entries(carried))('%s', (_how, carry) => {
    const told = toldBy(readLines(raw.map(carry)))
    expect(refusalsOf(told)).toEqual(refusalsOf(truth))
    expect(visitsOf(told)).toEqual(visitsOf(truth))
  })

  test('written as JSON', () => {
    const told = toldBy(readLines(rawLines(capture.jsonl).flatMap(asJsonConsole)))
    expect(told.attempts).toEqual(truth.attempts.map(attempt => ({...attempt, evidence: expect.any(Array)})))
  })

  test('a closer reason is the one that the log tells, or none', () => {
    const told = toldBy(readLines(raw))
    for (const attempt of told.attempts) {
      const same = truth.attempts.find(({id}) => id === attempt.id)
      expect([same?.detail, null]).toContain(attempt.detail)
    }
  })
})

/** A container with a terminal, and a Windows pipe, end each line with both. */
test('a console with the line ends of Windows tells the same', () => {
  for (const {jsonl, console} of withConnections) {
    const told = toldBy(readLines(rawLines(console).map(line => `${line}\r`)))
    expect(refusalsOf(told)).toEqual(refusalsOf(toldBy(readLines(rawLines(jsonl)))))
  }
})

test('a log with the line ends of Windows tells the same', () => {
  for (const {jsonl} of captures) {
    const told = toldBy(readLines(rawLines(jsonl).map(line => `${line}\r`)))
    expect(told.attempts).toEqual(toldBy(readLines(rawLines(jsonl))).attempts)
  }
})

/** `logging.consoleStyle: json`: the meta first, then time, level, subsystem and message. */
const asJsonConsole = (line: string): string[] => {
  const {time, _meta, ...fields} = JSON.parse(line) as {time: string; _meta: {logLevelName: string}; [field: string]: unknown}
  const [subsystem] = Object.values(JSON.parse(String(fields['0']).startsWith('{') ? String(fields['0']) : '{}'))
  const said = [fields['1'], fields['2']]
  const message = said.findLast(part => typeof part === 'string')
  if (typeof subsystem !== 'string' || message === undefined) return []
  const meta = said.find(part => typeof part === 'object') ?? {}
  return [JSON.stringify({...meta, time, level: _meta.logLevelName.toLowerCase(), subsystem, message})]
}
