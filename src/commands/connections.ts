import type {Attempt} from '../domain/attempts/attempt.ts'
import {everyClient} from '../domain/attempts/clients.ts'
import type {Told} from '../domain/attempts/event.ts'
import {droppedText} from '../domain/attempts/eviction.ts'
import type {LogSource} from '../domain/log-source.ts'
import type {Tallies} from '../domain/log-tally.ts'
import type {Problem} from '../domain/problem.ts'
import {hear, passTime} from '../domain/world/hear.ts'
import {createLogWriters, recordWriter} from '../domain/world/whose-log.ts'
import {newWorld} from '../domain/world/world.ts'
import {packedArchives} from '../sources/log/log-files.ts'
import {type Command, type ExitCode, exit, isProblem} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {consoleFailure, consoleProblem, readConsole} from './known/container-console.ts'
import {isNothingUnderstood, logFares, misreadProblems} from './known/log-fare.ts'
import {isDefaultLog, logOfAnother, runningGateway} from './known/log-owner.ts'
import {filesToRead, namedLogs} from './known/named-logs.ts'
import {trustedProxiesOf, whereOf} from './known/where.ts'
import {isIn, type Span, spanOf} from './span.ts'
import {attemptLine, clientLine} from './told/attempt-line.ts'
import {complain, complainOfPacked, lineWriter} from './told/output.ts'
import {hearAll, type ToldLines, toldLines} from './told/told-lines.ts'

const flags = {
  since: {value: 'T', about: 'from then on: ISO 8601, or a length ago such as 15m, 2h, 3d'},
  until: {value: 'T', about: 'up to then'},
  follow: {about: 'go on: a line for each attempt as its fate is known, again when it ends'},
  by: {value: 'client', about: 'one line a client'},
  json: {about: 'NDJSON'},
} satisfies Flags

/** A person would take silence for a fault; a script wants nothing else. */
const print = <T>(items: readonly T[], lineOf: (item: T) => string): void => {
  const out = lineWriter(process.stdout)
  for (const item of items) out.line(lineOf(item))
  out.flush()
  if (items.length === 0 && process.stdout.isTTY) process.stderr.write('gatecrab: No connection attempts in the logs read.\n')
}

/** Whose log it is, as far as its lines tell; `other`: what it is, where it is another's. */
type Owner = {record: (line: Told) => void; other: () => Promise<LogSource | null>}

const ownerOf = (given: Given, files: readonly string[], now: number): Owner => {
  const where = whereOf(given)
  if (!isDefaultLog(given, where)) return {record: () => {}, other: async () => null}
  const writers = createLogWriters()
  const running = runningGateway(given, where)
  return {
    record: line => recordWriter(writers, line),
    other: async () => logOfAnother({writers, running: await running, files, now}),
  }
}

const otherLogProblem = ({name, because, tryThis = ''}: LogSource): Problem => ({
  title: `${name} is not the log of this gateway`,
  because: because ?? '',
  tryThis,
  from: 'gateway',
})

/** Nothing is printed of a log that is another's: it is returned. */
type List = (lines: ToldLines, span: Span, given: Given, owner: Owner) => Promise<LogSource | null>

const listAttempts: List = async (lines, span, given, owner) => {
  const world = newWorld({clients: 1, recent: 0, marks: 0, evidence: 0}, trustedProxiesOf(given, whereOf(given)))
  const attempts: Attempt[] = []
  await hearAll(lines, line => {
    owner.record(line)
    const change = hear(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  })
  const other = await owner.other()
  if (other) return other
  print(
    attempts.filter(({at}) => isIn(span, at)).sort((a, b) => a.at - b.at),
    attempt => attemptLine(attempt, given),
  )
  return null
}

const listClients: List = async (lines, span, given, owner) => {
  const world = newWorld({clients: 100_000, recent: 0, marks: 0, evidence: 0}, trustedProxiesOf(given, whereOf(given)))
  await hearAll(lines, line => {
    owner.record(line)
    if (isIn(span, line.at)) hear(world, line)
  })
  const other = await owner.other()
  if (other) return other
  passTime(world, Infinity)
  print(
    everyClient(world.clients).sort((a, b) => b.lastAt - a.lastAt),
    client => clientLine(client, span.now, given),
  )
  const dropped = droppedText(world.clients.dropped.clients)
  if (dropped !== '') process.stderr.write(`gatecrab: ${dropped}: narrow it down with --since and --until\n`)
  return null
}

const run = async (given: Given): Promise<ExitCode> => {
  const span = spanOf(given)
  const by = given.text('by')
  if (by !== null && by !== 'client') return complain({title: 'Unknown --by', because: 'only --by client is known', from: 'you'})
  if (given.has('follow')) return (await import('./follow.ts')).follow(given, span)
  const list = by === 'client' ? listClients : listAttempts
  const files = filesToRead(given)
  if (isProblem(files)) return complain(files)
  const tallies: Tallies = new Map()
  const console = readConsole(given, span.since)
  const other = await list(toldLines(given, files, span.now, {tallies, console}), span, given, ownerOf(given, files, span.now))
  if (other) return complain(otherLogProblem(other))
  const failure = consoleFailure(console, tallies)
  if (console && failure) return complain(consoleProblem(console.name, failure))
  for (const problem of misreadProblems(logFares(tallies, namedLogs(given)))) complain(problem)
  complainOfPacked(packedArchives(files))
  return isNothingUnderstood(tallies) ? exit.unknown : exit.fine
}

export const connections: Command = {words: 'connections', about: 'every connection attempt with its close code', flags, run}
