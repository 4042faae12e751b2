import {Counter, Gauge, Registry} from 'prom-client'
import {fleetMetrics} from '../../app/metrics/fleet.ts'
import type {Metric, OwnInputs} from '../../app/metrics/metric.ts'
import {allMetrics, dashboardOf, rulesText, allMetrics as table} from '../../app/metrics/metrics.ts'
import {ownMetrics} from '../../app/metrics/process.ts'
import {bareHost, isLoopback} from '../../domain/address.ts'
import {type Failure, isFailure, usageFailure} from '../../domain/failure.ts'
import {applyFleetEvent, createRemoteGateway, type RemoteGateway} from '../../domain/fleet.ts'
import type {GatewayContext} from '../../runtime/context.ts'
import {headless} from '../../runtime/headless.ts'
import {filesToRead} from '../../runtime/named-logs.ts'
import {isPiped} from '../../runtime/options.ts'
import {currentReach} from '../../runtime/reachability.ts'
import {version} from '../../runtime/version.ts'
import {watchFleet} from '../../sources/fleet.ts'
import {inText, type ListenAddress, serveMetrics} from '../../sources/metrics-server.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type FleetArgs, fleetIn, hostFlags} from '../fleet/flags.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {interrupted} from '../signals.ts'

/** What Prometheus reads: each metric is computed again when it asks, from whatever is known then. */
export const pageOf = <From>(metrics: readonly Metric<From>[], from: () => From): (() => Promise<string>) => {
  const registry = new Registry()
  for (const {name, type, help, labels, read} of metrics) {
    const options = {name, help, labelNames: labels, registers: [registry]}
    if (type === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset()
          // Without labels a reset leaves a 0, and what is not known is no 0.
          if (labels.length === 0) this.remove()
          for (const {labels: of = {}, value} of read(from())) this.set(of, value)
        },
      })
    } else {
      new Counter({
        ...options,
        collect() {
          this.reset()
          for (const {labels: of = {}, value} of read(from())) this.inc(of, value)
        },
      })
    }
  }
  return () => registry.metrics()
}

/** Where a page of metrics comes from. */
export type MetricsSource = {
  /** Ready to be read; with piped input, once that has been read to its end. */
  ready: (isToItsEnd: boolean) => Promise<void>
  page: () => Promise<string>
  end: () => void
}

const ownCost = (): OwnInputs['own'] => {
  const {user, system} = process.cpuUsage()
  return {
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    startedAt: Date.now() - process.uptime() * 1000,
  }
}

/** The gateway's port is probed once per scrape, never more often. */
export const gatewaySource = (context: GatewayContext): MetricsSource => {
  const {store, tick, ready, end} = headless(context)
  const page = pageOf(allMetrics, () => {
    const state = store.state()
    return {state, version, release: state.release, own: ownCost()}
  })
  return {
    ready,
    end,
    page: async () => {
      store.dispatch({type: 'port-asked', reach: await currentReach(store.state(), context)})
      tick()
      return page()
    },
  }
}

const isAsked = ({status: word, problem}: RemoteGateway): boolean => word !== null || problem !== null

export const fleetSource = ({gateways}: FleetArgs): MetricsSource => {
  const gatewaysByHost = new Map(gateways.map(({name}) => [name, createRemoteGateway(name)]))
  const {promise: allAsked, resolve} = Promise.withResolvers<void>()
  const fleet = watchFleet({
    gateways,
    onEvent: fleetEvent => {
      gatewaysByHost.set(
        fleetEvent.host,
        applyFleetEvent(gatewaysByHost.get(fleetEvent.host) ?? createRemoteGateway(fleetEvent.host), fleetEvent),
      )
      if (Array.from(gatewaysByHost.values()).every(isAsked)) resolve()
    },
  })
  const page = pageOf([...fleetMetrics, ...ownMetrics], () => ({
    fleet: [...gatewaysByHost.values()],
    now: Date.now(),
    version,
    release: null,
    own: ownCost(),
  }))
  return {ready: isToItsEnd => (isToItsEnd ? allAsked : Promise.resolve()), page, end: fleet.close}
}

const flags = {
  listen: {value: 'ADDRESS', about: 'serve them to Prometheus on this address, such as 127.0.0.1:9464'},
  'known-as': {value: 'NAME', many: true, about: 'with --listen: another name by which Prometheus reaches it; repeatable'},
  print: {about: 'print them once, for the text files of the node exporter'},
  rules: {about: 'print alert rules for Prometheus'},
  dashboard: {about: 'print a dashboard for Grafana'},
  since: {value: 'T', about: 'count the history of the log from then on (default 24h)'},
  ...hostFlags,
} satisfies Flags

const addressOf = (text: string): ListenAddress | Failure => {
  const {host, port} = /^(?:(?<host>\[[\da-f:.]+\]|(?:\w[\w.-]*)?):)?(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  if (port !== undefined && Number(port) <= 65_535) return {host: bareHost(host ?? '') || '127.0.0.1', port: Number(port)}
  return usageFailure('Unknown --listen', {because: `${JSON.stringify(text)} is no address`, tryThis: '--listen 127.0.0.1:9464'})
}

const warnOf = (address: ListenAddress): void => {
  if (isLoopback(address.host)) return
  process.stderr.write(
    `gatecrab: ${inText(address)} can be reached from other machines, and whoever reaches it reads the names of your logins and how the gateway fares. There is no secret in it.\n`,
  )
}

const listen = async (source: MetricsSource, address: ListenAddress, servedNames: readonly string[]): Promise<ExitCode> => {
  const server = await serveMetrics(address, () => source.ready(false).then(source.page), servedNames)
  if (isFailure(server)) return printFailure(server)
  warnOf(address)
  process.stderr.write(`gatecrab: metrics at http://${inText(server.address)}/metrics\n`)
  const code = await interrupted()
  server.close()
  return code
}

const print = async (source: MetricsSource): Promise<ExitCode> => {
  await source.ready(true)
  process.stdout.write(await source.page())
  return exit.fine
}

/** What is printed of this host's gateway needs a log that is there. */
const missing = (context: GatewayContext): Failure | null => {
  const files = isPiped(context.options) ? [] : filesToRead(context)
  return isFailure(files) ? files : null
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  if (args.flag('rules') || args.flag('dashboard')) {
    const tables = [...table, ...fleetMetrics]
    process.stdout.write(args.flag('rules') ? rulesText(tables) : `${toJson(dashboardOf(tables), 2)}\n`)
    return exit.fine
  }
  const text = args.value('listen')
  const address = text === null ? null : addressOf(text)
  if (isFailure(address)) return printFailure(address)
  const fleet = await fleetIn(args)
  if (isFailure(fleet)) return printFailure(fleet)
  const context = fleet === null ? await locate() : null
  const unread = context && address === null ? missing(context) : null
  if (unread) return printFailure(unread)
  const source = fleet ? fleetSource(fleet) : gatewaySource(await locate())
  try {
    return await (address === null ? print(source) : listen(source, address, args.options.knownAs))
  } finally {
    source.end()
  }
}

export const metricsCommand: Command = {
  words: 'metrics',
  about: 'Prometheus: the numbers, alert rules and a dashboard',
  flags,
  common: readingFlags,
  run,
}
