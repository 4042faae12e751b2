import {plural} from '../../app/words.ts'
import type {Attempt} from '../../domain/attempts/attempt.ts'
import {everyClient} from '../../domain/attempts/clients.ts'
import type {LogEvent} from '../../domain/attempts/event.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {type Failure, isFailure, usageFailure} from '../../domain/failure.ts'
import type {LogSource, Tallies} from '../../domain/log-source.ts'
import {applyLine, expirePending} from '../../domain/world/apply-line.ts'
import {createLogWriters, otherPorts, recordWriter} from '../../domain/world/whose-log.ts'
import {createWorld, type World} from '../../domain/world/world.ts'
import {consoleFailure, consoleProblem, readConsole} from '../../runtime/container-console.ts'
import {type GatewayContext, trustedProxiesOf} from '../../runtime/context.ts'
import {type EventBatches, eventBatches, readEvents} from '../../runtime/event-batches.ts'
import {isDefaultLog, logOfAnother, runningGateway} from '../../runtime/log-owner.ts'
import {isNothingUnderstood, logStates, misreadProblems} from '../../runtime/log-state.ts'
import {filesToRead} from '../../runtime/named-logs.ts'
import {namedLogs} from '../../runtime/options.ts'
import {readOwnSockets} from '../../runtime/snapshot.ts'
import {packedArchives} from '../../sources/log/files.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {attemptLine, clientLine} from '../print/attempt.ts'
import {complainOfPacked, lineWriter, printFailure} from '../print/failure-output.ts'
import {isWithin, type Span, spanOf} from '../time-span.ts'

const flags = {
  since: {value: 'T', about: 'from then on: ISO 8601, or a length ago such as 15m, 2h, 3d'},
  until: {value: 'T', about: 'up to then'},
  follow: {about: 'keep running; print each attempt when its outcome is known and again when it closes'},
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
type Owner = {record: (line: LogEvent) => void; other: () => Promise<LogSource | null>}

const ownerOf = (context: GatewayContext, files: readonly string[], now: number): Owner => {
  if (!isDefaultLog(context)) return {record: () => {}, other: async () => null}
  const writers = createLogWriters()
  const running = runningGateway(context)
  return {
    record: line => recordWriter(writers, line),
    other: async () => logOfAnother({writers, running: await running, files, now}),
  }
}

const otherLogProblem = ({name, because, tryThis = ''}: LogSource): Failure => ({
  title: `${name} is not the log of this gateway`,
  because: because ?? '',
  tryThis,
  from: 'gateway',
})

type ListInputs = {args: Args; context: GatewayContext; owner: Owner; ownPort: number | null}

/** What was read, and what prints it. */
type Listed = {world: World; print: () => void}

type List = (lines: EventBatches, span: Span, inputs: ListInputs) => Promise<Listed>

const listAttempts: List = async (lines, span, {args, context, owner, ownPort}) => {
  const world = createWorld({clients: 1, recent: 0, timeline: 0, evidence: 0}, trustedProxiesOf(context), ownPort)
  const attempts: Attempt[] = []
  await readEvents(lines, line => {
    if (ownPort === null) owner.record(line)
    const change = applyLine(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  })
  return {
    world,
    print: () =>
      print(
        attempts.filter(({at}) => isWithin(span, at)).sort((a, b) => a.at - b.at),
        attempt => attemptLine(attempt, args),
      ),
  }
}

const listClients: List = async (lines, span, {args, context, owner, ownPort}) => {
  const world = createWorld({clients: 100_000, recent: 0, timeline: 0, evidence: 0}, trustedProxiesOf(context), ownPort)
  await readEvents(lines, line => {
    if (ownPort === null) owner.record(line)
    if (isWithin(span, line.at)) applyLine(world, line)
  })
  expirePending(world, Infinity)
  return {
    world,
    print: () => {
      print(
        everyClient(world.clients).sort((a, b) => b.lastAt - a.lastAt),
        client => clientLine(client, span.now, args),
      )
      const dropped = droppedText(world.clients.dropped.clients)
      if (dropped !== '') process.stderr.write(`gatecrab: ${dropped}: narrow it down with --since and --until\n`)
    },
  }
}

const reportLeftOut = ({ports, ownPort, leftOut}: World): void => {
  process.stderr.write(
    `gatecrab: ${plural(leftOut, 'connection')} of the gateway on ${otherPorts(ports, ownPort).join(', ')}, which writes into the same log, left out\n`,
  )
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const span = spanOf(args.options)
  const by = args.value('by')
  if (by !== null && by !== 'client') return printFailure(usageFailure('Unknown --by', {because: 'only --by client is known'}))
  const context = await locate()
  if (args.flag('follow')) return (await import('./follow.ts')).followConnections(args, context, span)
  const list = by === 'client' ? listClients : listAttempts
  const files = filesToRead(context)
  if (isFailure(files)) return printFailure(files)
  const tallies: Tallies = new Map()
  const console = readConsole(context, span.since)
  const owner = ownerOf(context, files, span.now)
  const listed = await readOwnSockets(context, console === null, ownPort => {
    const lines = eventBatches(context.options, files, span.now, ownPort === null ? {tallies, console} : {})
    return list(lines, span, {args, context, owner, ownPort})
  })
  const other = await owner.other()
  if (other) return printFailure(otherLogProblem(other))
  listed.print()
  if (listed.world.ownPort !== null) reportLeftOut(listed.world)
  const failure = consoleFailure(console, tallies)
  if (console && failure) return printFailure(consoleProblem(console.name, failure))
  for (const problem of misreadProblems(logStates(tallies, namedLogs(context.options)))) printFailure(problem)
  complainOfPacked(packedArchives(files))
  return isNothingUnderstood(tallies) ? exit.unknown : exit.fine
}

export const connections: Command = {
  words: 'connections',
  about: 'every connection attempt with its close code',
  flags,
  common: readingFlags,
  run,
}
