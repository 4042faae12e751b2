import {type DeviceReport, describeDevices} from '../domain/devices/report.ts'
import {devicesInLog} from '../domain/devices/sightings.ts'
import {dayMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import type {ConnectedClient} from '../domain/live/connected-client.ts'
import {type DeviceReading, readDeviceStore} from '../sources/devices/reader.ts'
import type {GatewayContext} from './context.ts'
import {takeLiveSnapshot, withClients} from './live-snapshot.ts'
import {createPlanContext} from './plans/context.ts'
import {listDevices, wouldPairItself} from './plans/make-device.ts'
import {releaseOf, takeSnapshot} from './snapshot.ts'
import {gatherCopies} from './token-status.ts'

/** The whole report of `devices`; null rows where the store could not be read. */
export type DevicesLook = {
  now: number
  release: string | null
  from: string | null
  report: DeviceReport | null
  problem: Failure | null
}

const elsewhere = ({remote}: GatewayContext): DeviceReading | null =>
  remote && {
    store: null,
    from: null,
    problem: {
      title: 'This machine is a client of a gateway elsewhere',
      because: `the gateway on ${remote.host}:${remote.port} keeps its devices on its own machine`,
      tryThis: 'run gatecrab there, as by `ssh HOST gatecrab devices`',
      from: 'gateway',
    },
  }

const connectedDevices = (clients: readonly ConnectedClient[]): ReadonlySet<string> =>
  new Set(clients.flatMap(({deviceId}) => deviceId ?? []))

/** The store, or the gateway's own list where the command for it pairs nobody. */
const readDevices = async (context: GatewayContext, release: string | null): Promise<DeviceReading> => {
  const stored = await readDeviceStore(context.stateDir, release)
  if (stored.store !== null || context.options.now !== null) return stored
  const planContext = await createPlanContext(context)
  const listed = (await wouldPairItself(planContext)) ? null : await listDevices(planContext)
  return listed === null ? stored : {store: listed, from: '`openclaw devices list`', problem: null}
}

/** The store is read; the log and the gateway's own list of clients say who was seen and who is connected. */
export const readDevicesReport = async (context: GatewayContext): Promise<DevicesLook> => {
  const [snapshot, live] = await Promise.all([
    takeSnapshot(context, dayMs),
    takeLiveSnapshot(context, {copies: () => gatherCopies(context)}),
  ])
  const release = releaseOf(snapshot)
  const {store, from, problem} = elsewhere(context) ?? (await readDevices(context, release))
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
