import {ownInstance, type Presence} from './connected-client.ts'

/** A line of the gateway's list, followed over time. */
export type TrackedPresence = {
  key: string
  presence: Presence
  firstSeen: number
  /** It was on the first list we got. */
  wasThere: boolean
}

export type PresenceList = ReadonlyMap<string, TrackedPresence>

const isIn = ({reason, mode, instanceId}: Presence): boolean =>
  reason !== 'disconnect' && reason !== 'self' && mode !== 'gateway' && instanceId !== ownInstance

const nameOf = ({deviceId, instanceId, clientId, host, mode, version, platform, ip}: Presence): string =>
  [deviceId ?? instanceId ?? '', clientId ?? host, mode, version, platform, ip].map(part => part ?? '').join('\u0000')

/** The entries have no ids; equal ones are distinguished by their position. */
const keyed = (list: readonly Presence[]): [string, Presence][] => {
  const counts = new Map<string, number>()
  return list.map(presence => {
    const name = nameOf(presence)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return [`${name}\u0000${count}`, presence]
  })
}

/** While no list is had, what was known stays known: a connection outlives our own. */
export const trackPresence = (
  tracked: PresenceList,
  list: readonly Presence[] | null,
  isFirst: boolean,
  at: number,
): PresenceList => {
  if (list === null) return tracked
  return new Map(
    keyed(list.filter(isIn)).map(([key, presence]) => {
      const before = tracked.get(key)
      return [key, {key, presence, firstSeen: before?.firstSeen ?? at, wasThere: before?.wasThere ?? isFirst}]
    }),
  )
}
