import type {OwnSeen} from '../../app/metrics/metric.ts'
import {metrics} from '../../app/metrics/metrics.ts'
import {fleetMetrics} from '../../app/metrics/metrics-fleet.ts'
import {ownMetrics} from '../../app/metrics/metrics-own.ts'
import {type Distant, distant, withTiding} from '../../domain/fleet.ts'
import {watchFleet} from '../../sources/fleet.ts'
import type {Given} from '../flags.ts'
import type {FleetGiven} from '../fleet/fleet-flags.ts'
import {headless} from '../screen/headless.ts'
import {pageOf} from '../told/metrics-page.ts'
import {version} from '../version.ts'
import {reached} from './reached.ts'
import {whereOf} from './where.ts'

/** Where a page of metrics comes from. */
export type MetricsSource = {
  /** There is something to tell; a pipe is read to its end where that is asked. */
  ready: (isToItsEnd: boolean) => Promise<void>
  page: () => Promise<string>
  end: () => void
}

const ownCost = (): OwnSeen['own'] => {
  const {user, system} = process.cpuUsage()
  return {
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    startedAt: Date.now() - process.uptime() * 1000,
  }
}

/** The gateway's port is asked when Prometheus asks, never oftener. */
export const gatewaySource = (given: Given): MetricsSource => {
  const {store, tick, ready, end} = headless(given)
  const where = whereOf(given)
  const page = pageOf(metrics, () => {
    const state = store.state()
    return {state, version, release: state.release, own: ownCost()}
  })
  return {
    ready,
    end,
    page: async () => {
      store.dispatch({type: 'port-asked', reach: await reached(store.state(), given, where)})
      tick()
      return page()
    },
  }
}

const isAsked = ({word, problem}: Distant): boolean => word !== null || problem !== null

export const fleetSource = ({hosts, gatecrab}: FleetGiven): MetricsSource => {
  const known = new Map(hosts.map(host => [host, distant(host)]))
  const {promise: allAsked, resolve} = Promise.withResolvers<void>()
  const fleet = watchFleet({
    hosts,
    gatecrab,
    onTiding: tiding => {
      known.set(tiding.host, withTiding(known.get(tiding.host) ?? distant(tiding.host), tiding))
      if (Array.from(known.values()).every(isAsked)) resolve()
    },
  })
  const page = pageOf([...fleetMetrics, ...ownMetrics], () => ({
    fleet: [...known.values()],
    now: Date.now(),
    version,
    release: null,
    own: ownCost(),
  }))
  return {ready: isToItsEnd => (isToItsEnd ? allAsked : Promise.resolve()), page, end: fleet.close}
}
