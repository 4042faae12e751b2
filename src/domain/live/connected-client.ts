/** One entry of the gateway's presence list. */
export type Presence = {
  clientId: string | null
  /** The client's display name, if it differs from its id. */
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

/** Our own client id, so that our own presence entry is recognized. */
export const ownInstance = 'gatecrab'

type EvidenceSources = 'log' | 'presence' | 'socket'

/** A client that is connected now. Untrusted input, except for the process, which the system reports. */
export type ConnectedClient = {
  key: string
  name: string
  displayName: string | null
  mode: string | null
  version: string | null
  platform: string | null
  /** An address; `local` where the gateway only says that it is on its own host. */
  from: string | null
  /** Connected since; null if it was connected before we started and no source says when. */
  since: number | null
  by: EvidenceSources
  process: string | null
  pid: number | null
  user: string | null
  endpoint: string | null
  deviceId: string | null
  /** Its attempt in the log, so that its client can be found. */
  attemptId: string | null
}
