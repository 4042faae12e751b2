import {type DeviceReport, describeDevices} from '../domain/devices/report.ts'
import {devicesInLog} from '../domain/devices/sightings.ts'
import {dayMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import type {ConnectedClient} from '../domain/live/connected-client.ts'
import type {GatewayContext} from './context.ts'
import {readGatewayDevices} from './gateway-devices.ts'
import {takeLiveSnapshot, withClients} from './live-snapshot.ts'
import {createPlanContext} from './plans/context.ts'
import {releaseOf, takeSnapshot} from './snapshot.ts'
import {gatherCopies} from './token-status.ts'

/** Only the gateway's own list says which devices are connected: a busy one is given the time to answer. */
const observeMs = 5000

/** The whole report of `devices`; null rows where the store could not be read. */
export type DevicesLook = {
  now: number
  release: string | null
  from: string | null
  report: DeviceReport | null
  problem: Failure | null
}

const connectedDevices = (clients: readonly ConnectedClient[]): ReadonlySet<string> =>
  new Set(clients.flatMap(({deviceId}) => deviceId ?? []))

/** The store is read; the log and the gateway's own list of clients say who was seen and who is connected. */
export const readDevicesReport = async (context: GatewayContext): Promise<DevicesLook> => {
  const [snapshot, live] = await Promise.all([
    takeSnapshot(context, dayMs),
    takeLiveSnapshot(context, {copies: () => gatherCopies(context), forMs: observeMs}),
  ])
  const release = releaseOf(snapshot)
  const {store, from, problem} = await readGatewayDevices(context, release, () => createPlanContext(context))
  const connected = connectedDevices(live ? withClients(live, snapshot).live.connectedClients : [])
  const {now, world} = snapshot
  return {
    now,
    release,
    from,
    problem,
    report: store && describeDevices(store, {now, connected, ...devicesInLog(world)}),
  }
}
