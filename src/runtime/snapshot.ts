import {type Failure, isFailure, sentence} from '../domain/failure.ts'
import {notAsked, type Reach} from '../domain/live/listener.ts'
import type {LogSource, Tallies} from '../domain/log-source.ts'
import {applyLine, expirePending} from '../domain/world/apply-line.ts'
import {createLogWriters, ownPortIn, recordWriter} from '../domain/world/whose-log.ts'
import {createWorld, type World} from '../domain/world/world.ts'
import {probeGateway} from '../sources/live/gateway-call.ts'
import {proveGateway} from '../sources/live/gateway-proof.ts'
import {type Readiness, readReadiness} from '../sources/live/readiness.ts'
import {packedArchives} from '../sources/log/files.ts'
import {namedAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import {consoleFailure, readConsole, unreadConsole} from './container-console.ts'
import {type GatewayContext, trustedProxiesOf} from './context.ts'
import {eventBatches, readEvents} from './event-batches.ts'
import {isDefaultLog, logOfAnother, runningGateway} from './log-owner.ts'
import {logStates} from './log-state.ts'
import {filesToRead, logsLeftOut} from './named-logs.ts'
import {currentTime, namedLogs, type Options} from './options.ts'

/** One snapshot: the logs of a time span, and whether the port answers. */
export type Snapshot = {
  world: World
  now: number
  since: number
  context: GatewayContext
  reach: Reach
  problem: Failure | null
  files: string[]
  /** Logs that exist but were not read. */
  sources: readonly LogSource[]
  /** Packed archives of these logs, where what was asked for begins before the oldest line that was read. */
  packed: readonly string[]
}

/** The release in the log; the installed one may be newer. */
export const releaseOf = ({world, context}: Pick<Snapshot, 'world' | 'context'>): string | null =>
  context.releaseGiven ?? world.life.release ?? (context.remote ? null : context.release)

const isHistorical = ({now, logs}: Options): boolean => now !== null || logs.length > 0

/** Historical logs say nothing about the present, so the port is probed only for this host's own gateway. */
const gateIn = ({options, remote, config}: GatewayContext): {host: string; port: number} | null =>
  namedAddress(options) ?? remote ?? (isHistorical(options) ? null : {host: '127.0.0.1', port: config.port})

/** It answers, and says itself that it is on its way up or down: no client gets in just then, and nothing is frozen. */
const withReadiness = (found: Reach, readiness: Readiness | null): Reach => {
  if (readiness === null) return found
  const {is, failing, pending} = readiness
  if (is === 'ready' || is === 'failing') return {...found, failing}
  const because = is === 'starting' ? `it is still starting${pending === null ? '' : ` (${pending})`}` : 'it is stopping'
  return {...found, state: 'not-yet', because}
}

export const probeAddress = async (context: GatewayContext): Promise<Reach> => {
  const gate = gateIn(context)
  if (gate === null) return notAsked
  const {hasTls, certPath} = context.config
  const address = {...askedAddress(context, {tls: hasTls, certPath}), host: gate.host, port: gate.port}
  const found = await probeGateway(gate.host, gate.port, address.tls)
  if (found.state !== 'up') return found
  const {verdict} = await proveGateway(address)
  if (verdict.is === 'foreign') return {...found, state: 'foreign', because: verdict.because}
  return withReadiness(found, await readReadiness(gate.host, gate.port, address.tls))
}

/** Where the gateway is elsewhere, so is its log. */
const notFound = ({title, because = '', tryThis = ''}: Failure, {remote}: GatewayContext): LogSource[] =>
  remote
    ? []
    : [
        {
          name: 'The gateway log',
          state: 'unreadable',
          because: `${title}: ${because}`,
          tryThis: sentence(tryThis),
          lastLineAt: null,
        },
      ]

type LogReadings = {context: GatewayContext; tallies: Tallies; isUnread: boolean}

/** A console that could not be read at all is no empty log. */
const readLogStates = (found: string[] | Failure, {context, tallies, isUnread}: LogReadings): LogSource[] => {
  if (isFailure(found)) return notFound(found, context)
  return isUnread ? [] : logStates(tallies, namedLogs(context.options))
}

/** The port whose sockets alone count, where several gateways write into the log; null where all count. */
const ownPortOf = (context: GatewayContext, ports: ReadonlySet<number>, {state}: Reach): number | null =>
  ownPortIn(ports, gateIn(context)?.port ?? null, state !== 'down' && state !== 'unknown')

/** The same where nobody has asked the port yet: it is asked only where it matters. */
export const findOwnPort = async (context: GatewayContext, ports: ReadonlySet<number>): Promise<number | null> =>
  ports.size > 1 && !isHistorical(context.options) ? ownPortOf(context, ports, await probeAddress(context)) : null

/** Reads the logs, and once more where another gateway writes into them and they can be read again: then only our sockets count. */
export const readOwnSockets = async <T extends {world: World}>(
  context: GatewayContext,
  isRepeatable: boolean,
  read: (ownPort: number | null) => Promise<T>,
): Promise<T> => {
  const all = await read(null)
  const ownPort = isRepeatable ? await findOwnPort(context, all.world.ports) : null
  return ownPort === null ? all : read(ownPort)
}

/** `currentReach`: what the port answers, where it is asked already. */
export const takeSnapshot = async (
  context: GatewayContext,
  spanMs: number,
  currentReach: Promise<Reach> = probeAddress(context),
): Promise<Snapshot> => {
  const {options} = context
  const now = currentTime(options)
  const since = options.since ?? now - spanMs
  const found = filesToRead(context)
  const files = isFailure(found) ? [] : found
  const tallies: Tallies = new Map()
  const unread: LogSource[] = []
  const running = isDefaultLog(context) ? runningGateway(context) : null
  const writers = createLogWriters()
  let oldestAt = Infinity
  const read = async (ownPort: number | null, counted: Tallies): Promise<World> => {
    const console = readConsole(context, since)
    const world = createWorld({}, trustedProxiesOf(context), ownPort)
    await readEvents(eventBatches(options, files, now, {tallies: counted, console}), line => {
      if (running && ownPort === null) recordWriter(writers, line)
      if (line.at > 0) oldestAt = Math.min(oldestAt, line.at)
      if (line.at >= since) applyLine(world, line)
    })
    const failure = consoleFailure(console, counted)
    if (console && failure) unread.push(unreadConsole(console.name, failure))
    expirePending(world, now)
    return world
  }
  const all = await read(null, tallies)
  const reach = await currentReach
  const other = running && logOfAnother({writers, running: await running, files, now})
  const ownPort = ownPortOf(context, all.ports, reach)
  return {
    world: other ? createWorld({}, trustedProxiesOf(context)) : ownPort === null ? all : await read(ownPort, new Map()),
    now,
    since,
    context,
    reach,
    problem: isFailure(found) ? found : null,
    files,
    packed: oldestAt > since ? packedArchives(files) : [],
    sources: [
      ...logsLeftOut(context),
      ...unread.slice(0, 1),
      ...(other ? [other] : []),
      ...readLogStates(found, {context, tallies, isUnread: unread.length > 0}),
    ],
  }
}
