import {Counter, Gauge, Registry} from 'prom-client'
import {fleetMetrics} from '../app/metrics/fleet.ts'
import type {Metric, OwnInputs} from '../app/metrics/metric.ts'
import {allMetrics} from '../app/metrics/metrics.ts'
import {ownMetrics} from '../app/metrics/process.ts'
import {applyFleetEvent, createRemoteGateway, type RemoteGateway} from '../domain/fleet.ts'
import type {GatewayContext} from '../runtime/context.ts'
import {headless} from '../runtime/headless.ts'
import {currentReach} from '../runtime/reachability.ts'
import {version} from '../runtime/version.ts'
import {watchFleet} from '../sources/fleet.ts'
import type {FleetArgs} from './fleet/flags.ts'

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

export const fleetSource = ({hosts, gatecrab}: FleetArgs): MetricsSource => {
  const gatewaysByHost = new Map(hosts.map(host => [host, createRemoteGateway(host)]))
  const {promise: allAsked, resolve} = Promise.withResolvers<void>()
  const fleet = watchFleet({
    hosts,
    gatecrab,
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
