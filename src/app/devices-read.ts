import type {DeviceStore} from '../domain/devices/device.ts'
import {type DeviceReport, type DeviceRow, describeDevices, type RequestRow} from '../domain/devices/report.ts'
import {devicesInLog} from '../domain/devices/sightings.ts'
import type {Failure} from '../domain/failure.ts'
import type {ConnectedClient} from '../domain/live/connected-client.ts'
import type {World} from '../domain/world/world.ts'

/** What was read of the devices, and when; no store where it cannot be read, and why. */
export type DevicesRead = {store: DeviceStore | null; problem: Failure | null; at: number}

/** One row of the panel. */
export type DeviceItem = {is: 'request'; request: RequestRow} | {is: 'device'; device: DeviceRow}

type Inputs = {
  devices: DevicesRead | null
  now: number
  world: Pick<World, 'recent'>
  live: {connectedClients: readonly ConnectedClient[]} | null
}

const emptyReport: DeviceReport = {requests: [], devices: []}

/** The store, beside what the log and the gateway's list of clients tell of the same devices. */
export const deviceReport = ({devices, now, world, live}: Inputs): DeviceReport => {
  const store = devices?.store
  if (!store) return emptyReport
  const connected = new Set(live?.connectedClients.flatMap(({deviceId}) => deviceId ?? []))
  return describeDevices(store, {now, connected, ...devicesInLog(world)})
}

/** What waits comes first. */
export const deviceItems = (inputs: Inputs): readonly DeviceItem[] => {
  const {requests, devices} = deviceReport(inputs)
  return [
    ...requests.map((request): DeviceItem => ({is: 'request', request})),
    ...devices.map((device): DeviceItem => ({is: 'device', device})),
  ]
}

export const requestKey = (requestId: string): string => `request ${requestId}`
export const deviceKey = (deviceId: string): string => `device ${deviceId}`
