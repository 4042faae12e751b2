import type {Reach} from '../../domain/live/reach.ts'
import type {LogSource} from '../../domain/log-source.ts'
import type {Tallies} from '../../domain/log-tally.ts'
import {type Problem, sentence} from '../../domain/problem.ts'
import {hear, passTime} from '../../domain/world/hear.ts'
import {ownPortIn} from '../../domain/world/ports.ts'
import {createLogWriters, recordWriter} from '../../domain/world/whose-log.ts'
import {newWorld, type World} from '../../domain/world/world.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import {reach} from '../../sources/live/reach.ts'
import {packedArchives} from '../../sources/log/log-files.ts'
import {isProblem} from '../command.ts'
import type {Given} from '../flags.ts'
import {nowOf} from '../span.ts'
import {momentOf} from '../time.ts'
import {hearAll, toldLines} from '../told/told-lines.ts'
import {namedAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import {consoleFailure, readConsole, unreadConsole} from './container-console.ts'
import {logFares} from './log-fare.ts'
import {isDefaultLog, logOfAnother, runningGateway} from './log-owner.ts'
import {filesToRead, logsLeftOut, namedLogs} from './named-logs.ts'
import {trustedProxiesOf, type Where, whereOf} from './where.ts'

/** What can be known in one look: the logs of a span, and whether the port answers. */
export type Looked = {
  world: World
  now: number
  since: number
  where: Where
  reach: Reach
  problem: Problem | null
  files: string[]
  /** Logs that are there and not read. */
  sources: readonly LogSource[]
  /** Packed archives of these logs, where what was asked for begins before the oldest line that was read. */
  packed: readonly string[]
}

/** What the log says runs, or ran: another one may be installed here now. */
export const releaseOf = ({world, where}: Pick<Looked, 'world' | 'where'>): string | null =>
  where.releaseGiven ?? world.life.release ?? (where.remote ? null : where.release)

const isPast = (given: Given): boolean => given.text('now') !== null || given.list('log').length > 0

/** Past logs say nothing about who listens now, so the port is asked only where this host's own gateway is meant. */
const gateIn = (given: Given, where: Where): {host: string; port: number} | null =>
  namedAddress(given) ?? where.remote ?? (isPast(given) ? null : {host: '127.0.0.1', port: where.config.port})

export const askGate = async (given: Given, where: Where): Promise<Reach> => {
  const gate = gateIn(given, where)
  if (gate === null) return {state: 'unknown', because: 'only logs were looked at', tookMs: null}
  const {hasTls, certPath} = where.config
  const address = {...askedAddress(given, where, {tls: hasTls, certPath}), host: gate.host, port: gate.port}
  const found = await reach(gate.host, gate.port, address.tls)
  if (found.state !== 'up') return found
  const {verdict} = await proveGateway(address)
  return verdict.is === 'foreign' ? {...found, state: 'foreign', because: verdict.because} : found
}

/** Where the gateway is elsewhere, so is its log. */
const notFound = ({title, because = '', tryThis = ''}: Problem, {remote}: Where): LogSource[] =>
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

type Fares = {where: Where; tallies: Tallies; isUnread: boolean}

/** A console that could not be read at all is no empty log. */
const readFares = (given: Given, found: string[] | Problem, {where, tallies, isUnread}: Fares): LogSource[] => {
  if (isProblem(found)) return notFound(found, where)
  return isUnread ? [] : logFares(tallies, namedLogs(given))
}

export const lookOnce = async (given: Given, spanMs: number): Promise<Looked> => {
  const now = nowOf(given)
  const text = given.text('since')
  const since = (text === null ? null : momentOf(text, now)) ?? now - spanMs
  const where = whereOf(given)
  const reached = askGate(given, where)
  const found = filesToRead(given)
  const files = isProblem(found) ? [] : found
  const tallies: Tallies = new Map()
  const unread: LogSource[] = []
  const running = isDefaultLog(given, where) ? runningGateway(given, where) : null
  const writers = createLogWriters()
  let oldestAt = Infinity
  const read = async (ownPort: number | null, counted: Tallies): Promise<World> => {
    const console = readConsole(given, since)
    const world = newWorld({}, trustedProxiesOf(given, where), ownPort)
    await hearAll(toldLines(given, files, now, {tallies: counted, console}), line => {
      if (running && ownPort === null) recordWriter(writers, line)
      if (line.at > 0) oldestAt = Math.min(oldestAt, line.at)
      if (line.at >= since) hear(world, line)
    })
    const failure = consoleFailure(console, counted)
    if (console && failure) unread.push(unreadConsole(console.name, failure))
    passTime(world, now)
    return world
  }
  const all = await read(null, tallies)
  const reach = await reached
  const other = running && logOfAnother({writers, running: await running, files, now})
  const isListening = reach.state !== 'down' && reach.state !== 'unknown'
  const ownPort = ownPortIn(all.ports, gateIn(given, where)?.port ?? null, isListening)
  return {
    world: other ? newWorld({}, trustedProxiesOf(given, where)) : ownPort === null ? all : await read(ownPort, new Map()),
    now,
    since,
    where,
    reach,
    problem: isProblem(found) ? found : null,
    files,
    packed: oldestAt > since ? packedArchives(files) : [],
    sources: [
      ...logsLeftOut(given),
      ...unread.slice(0, 1),
      ...(other ? [other] : []),
      ...readFares(given, found, {where, tallies, isUnread: unread.length > 0}),
    ],
  }
}
