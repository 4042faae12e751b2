import type {World} from '../world/world.ts'
import type {DeviceSightings} from './report.ts'

type Seen = Pick<DeviceSightings, 'requestsInLog' | 'lastInLog'>

/** What the attempts of the log tell of devices: which requests each made, and when it was last let in. */
export const devicesInLog = ({recent}: Pick<World, 'recent'>): Seen => {
  const requests = new Map<string, string[]>()
  const last = new Map<string, number>()
  for (const {deviceId, requestId, at, endedAt, outcome} of recent) {
    if (deviceId === null) continue
    if (requestId !== null && !requests.get(deviceId)?.includes(requestId))
      requests.set(deviceId, [...(requests.get(deviceId) ?? []), requestId])
    if (outcome === 'connected') last.set(deviceId, Math.max(last.get(deviceId) ?? 0, endedAt ?? at))
  }
  return {requestsInLog: requests, lastInLog: last}
}
