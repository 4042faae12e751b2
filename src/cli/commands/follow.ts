import type {Attempt} from '../../domain/attempts/attempt.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import type {LogSource} from '../../domain/log-source.ts'
import {applyLine, expirePending, isCaughtUp} from '../../domain/world/apply-line.ts'
import {clientOfAttempt, createWorld} from '../../domain/world/world.ts'
import {consoleContainer} from '../../runtime/container-console.ts'
import {type GatewayContext, trustedProxiesOf} from '../../runtime/context.ts'
import {placesToFollow} from '../../runtime/named-logs.ts'
import {isPiped} from '../../runtime/options.ts'
import {findOwnPort} from '../../runtime/snapshot.ts'
import {every} from '../../sources/every.ts'
import {type ExitCode, exit} from '../command.ts'
import type {Args} from '../options.ts'
import {attemptLine, clientLine} from '../print/attempt.ts'
import {lineWriter} from '../print/failure-output.ts'
import {isWithin, type Span} from '../time-span.ts'

/** Says once of each log that it cannot be read, and why, so that silence is not taken for peace. */
const complainer = () => {
  const text = new Map<string, string>()
  return (sources: readonly LogSource[]): void => {
    for (const {name, state, because} of sources) {
      if (text.get(name) !== state && (state === 'missing' || state === 'unreadable' || state === 'left-out'))
        process.stderr.write(`gatecrab: ${name}: ${because ?? state}\n`)
      text.set(name, state)
    }
  }
}

/** Until it is interrupted, its pipe ends, or the time that was asked about is over. */
export const followConnections = async (args: Args, context: GatewayContext, span: Span): Promise<ExitCode> => {
  const {followLogs} = await import('../../sources/log/live-log.ts')
  const container = consoleContainer(context)
  const world = createWorld({}, trustedProxiesOf(context))
  const out = lineWriter(process.stdout, 0)
  const printFailure = complainer()
  let sources: readonly LogSource[] = []
  const print = (attempt: Attempt): void => {
    if (!isWithin(span, attempt.at)) return
    const client = args.value('by') === null ? undefined : clientOfAttempt(world, attempt)
    out.line(client ? clientLine(client, world.newestAt ?? Date.now(), args) : attemptLine(attempt, args))
  }
  let linesAt = Date.now()
  let lookedAt = linesAt
  const onLines = (lines: readonly LogLine[]) => {
    linesAt = Date.now()
    for (const line of lines) {
      const change = applyLine(world, line)
      for (const attempt of change?.also ?? []) print(attempt)
      if (change?.settled || change?.ended) print(change.attempt)
    }
  }
  let portsAsked = 1
  /** Two gateways may write into one log: once that is seen, only the sockets of ours count. The port is asked once for each that appears. */
  const leaveOutOthers = async (): Promise<void> => {
    if (world.ports.size <= portsAsked) return
    portsAsked = world.ports.size
    world.ownPort ??= await findOwnPort(context, world.ports)
  }
  return new Promise(resolve => {
    const end = (code: ExitCode) => {
      stop()
      expirePending(world, Infinity).forEach(print)
      log.close()
      resolve(code)
    }
    /** Some refusals never get their second line: they are told of when it should have come. */
    const look = (): void => {
      const now = Date.now()
      expirePending(world, now, isCaughtUp(now, linesAt, lookedAt)).forEach(print)
      lookedAt = now
      printFailure(sources)
      void leaveOutOthers()
      if (Date.now() > span.until) void log.caughtUp().then(() => end(exit.fine))
    }
    const stop = every(1000, look, {keepAlive: true})
    const log = followLogs({
      places: placesToFollow(context),
      consoles: [],
      systemdUnit: null,
      piped: isPiped(context.options) ? process.stdin : null,
      container: container && {container, since: span.since === -Infinity ? Date.now() : span.since, hostEnv: context.hostEnv},
      from: span.since === -Infinity ? 'end' : 'start',
      onLines,
      onSources: now => {
        sources = now
      },
      onEnd: () => end(exit.fine),
    })
    process.once('SIGINT', () => end(exit.interrupted))
    process.once('SIGTERM', () => end(exit.interrupted))
    process.stdout.once('error', () => end(exit.fine))
  })
}
