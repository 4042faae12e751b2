/** One line of the gateway's own list of who is there. */
export type Presence = {
  clientId: string | null
  /** What the client calls itself where that is not its id: a host, a display name. */
  host: string | null
  mode: string | null
  version: string | null
  platform: string | null
  /** Absent for a client on the gateway's own host. */
  ip: string | null
  deviceId: string | null
  instanceId: string | null
  roles: readonly string[]
  /** `connect`, `disconnect`, `self`, or a client's own word. */
  reason: string | null
  onlineSince: number | null
  at: number
}

/** How we name ourselves to the gateway, so that our own line on its list is known as ours. */
export const ownInstance = 'gatecrab'

type KnownBy = 'log' | 'presence' | 'socket'

/** Somebody who is in now. Every word of it comes from a stranger, but for the process that the system names. */
export type ConnectedClient = {
  key: string
  name: string
  displayName: string | null
  mode: string | null
  version: string | null
  platform: string | null
  /** An address; `local` where the gateway only says that it is on its own host. */
  from: string | null
  /** Since when it is known to be in; null where it was in before we came and nothing tells. */
  since: number | null
  by: KnownBy
  process: string | null
  pid: number | null
  user: string | null
  endpoint: string | null
  deviceId: string | null
  /** The attempt in the log that this is, so that its client is found. */
  attemptId: string | null
}
