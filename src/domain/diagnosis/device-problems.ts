import {type DeviceStore, deviceName, expiryOf, shortId} from '../devices/device.ts'
import type {Problem} from './problem.ts'

const maxNames = 3

/** A device that waits is refused until a person decides; a request that has ended waits no more. */
export const deviceProblems = (store: DeviceStore | null, now: number): Problem[] => {
  const waiting = (store?.pending ?? []).filter(request => expiryOf(request) > now)
  const [first, ...others] = waiting
  if (first === undefined) return []
  const names = waiting.slice(0, maxNames).map(request => `${deviceName(request)} from ${request.address ?? 'this host'}`)
  const more = waiting.length > maxNames ? ` and ${waiting.length - maxNames} more` : ''
  return [
    {
      id: 'device-pending',
      layer: 'gateway',
      harm: 'soon',
      title: others.length === 0 ? 'A device waits for approval' : `${waiting.length} devices wait for approval`,
      because: `${names.join(', ')}${more}. Each is refused until you approve it, and its request ends after 5 minutes.`,
      tryThis:
        others.length === 0
          ? `If you know it: gatecrab devices approve ${shortId(first.requestId)}. If not: gatecrab devices reject ${shortId(first.requestId)}.`
          : 'gatecrab devices shows what each asks for; it is approved or rejected one by one.',
      since: Math.min(...waiting.map(({requestedAt}) => requestedAt)),
      count: waiting.length,
      sure: 'certain',
      evidence: [],
    },
  ]
}
