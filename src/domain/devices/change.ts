import {
  activeTokens,
  type DeviceStore,
  expiryOf,
  type PairedDevice,
  type PairingRequest,
  scopesBeyond,
  shortId,
} from './device.ts'

export type DeviceAction = 'approve' | 'reject' | 'revoke' | 'remove' | 'rotate'

/** What a paired device may do, as far as a change of it is about that. */
export type DeviceRights = {
  roles: readonly string[]
  scopes: readonly string[]
  tokens: readonly {role: string; createdAt: number | null; rotatedAt: number | null; isRevoked: boolean}[]
}

/** One change of one device, with all that it was shown by; data, and none of it secret. */
export type DeviceChange = {
  action: DeviceAction
  deviceId: string
  /** Of a request: its id, and what it asked for when the plan was made. */
  request: {requestId: string; roles: readonly string[]; scopes: readonly string[]} | null
  role: string | null
  /** The device as it was paired when the plan was made; null where it was not. */
  before: DeviceRights | null
}

export const rightsOf = ({roles, scopes, tokens}: PairedDevice): DeviceRights => ({
  roles,
  scopes,
  tokens: tokens.map(({role, createdAt, rotatedAt, revokedAt}) => ({role, createdAt, rotatedAt, isRevoked: revokedAt !== null})),
})

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(word => b.includes(word))

const isSameRights = (a: DeviceRights | null, b: DeviceRights | null): boolean =>
  a === null || b === null
    ? a === b
    : isSameSet(a.roles, b.roles) &&
      isSameSet(a.scopes, b.scopes) &&
      isSameSet(
        a.tokens.map(token => JSON.stringify(token)),
        b.tokens.map(token => JSON.stringify(token)),
      )

const deviceIn = ({paired}: DeviceStore, id: string): PairedDevice | null => paired.find(({deviceId}) => deviceId === id) ?? null

const rightsIn = (store: DeviceStore, id: string): DeviceRights | null => {
  const device = deviceIn(store, id)
  return device && rightsOf(device)
}

const requestIn = ({pending}: DeviceStore, id: string): PairingRequest | null =>
  pending.find(({requestId}) => requestId === id) ?? null

const asks = ({roles, scopes}: Pick<PairingRequest, 'roles' | 'scopes'>): string =>
  `${roles.join(', ') || 'no role'} with ${scopes.join(', ') || 'no scope'}`

const whyRequestGone = ({deviceId, before, request}: DeviceChange, store: DeviceStore, now: number): string => {
  const id = request?.requestId ?? ''
  const newer = store.pending.find(one => one.deviceId === deviceId && one.requestId !== id && expiryOf(one) > now)
  if (newer !== undefined)
    return `request ${id} was replaced by ${newer.requestId}, which asks for ${asks(newer)}: look at a plan for that one`
  if (!isSameRights(before, rightsIn(store, deviceId)))
    return `request ${id} is gone, and the rights of its device have changed: somebody has answered it`
  return `request ${id} is gone: it was answered, or it has ended (a request lives for 5 minutes). The next attempt of the device makes a new one`
}

const whyRequestChanged = (change: DeviceChange, store: DeviceStore, now: number): string | null => {
  const {request, deviceId, before} = change
  if (request === null) return null
  const found = requestIn(store, request.requestId)
  if (found === null || found.deviceId !== deviceId) return whyRequestGone(change, store, now)
  if (expiryOf(found) <= now)
    return `request ${found.requestId} has ended: a request lives for 5 minutes. The next attempt of the device makes a new one`
  if (!isSameSet(found.roles, request.roles) || !isSameSet(found.scopes, request.scopes))
    return `request ${found.requestId} asks for something else since this plan was made: ${asks(found)}`
  return isSameRights(before, rightsIn(store, deviceId))
    ? null
    : `the rights of device ${shortId(deviceId)} have changed since this plan was made`
}

/** Why the change is no longer the one that was shown; null where it is. */
export const whyChanged = (change: DeviceChange, store: DeviceStore, now: number): string | null => {
  if (change.request !== null) return whyRequestChanged(change, store, now)
  const rights = rightsIn(store, change.deviceId)
  if (rights === null) return `device ${change.deviceId} is not paired any more`
  return isSameRights(change.before, rights)
    ? null
    : `device ${shortId(change.deviceId)} has changed since this plan was made: look at a new plan`
}

export type DeviceProof = {what: string; ok: boolean}

const tokenFor = (device: PairedDevice | null, role: string | null) => device?.tokens.find(token => token.role === role)

const approved = ({request, deviceId, before}: DeviceChange, store: DeviceStore): DeviceProof[] => {
  const device = deviceIn(store, deviceId)
  const asked = request ?? {requestId: '', roles: [], scopes: []}
  const active = device ? activeTokens(device).map(({role}) => role) : []
  const isPaired =
    device !== null &&
    asked.roles.every(role => device.roles.includes(role) && active.includes(role)) &&
    scopesBeyond(asked.scopes, device.scopes).length === 0
  const more = device ? scopesBeyond(device.scopes, [...asked.scopes, ...(before?.scopes ?? [])]) : []
  const rights = device === null ? 'nothing' : asks(device)
  return [
    {what: `device ${shortId(deviceId)} stands as paired for ${rights}`, ok: isPaired},
    {
      what: more.length === 0 ? 'it was given nothing that the plan did not show' : `it was also given ${more.join(', ')}`,
      ok: more.length === 0,
    },
  ]
}

/** What the store says of a change that was made. */
export const proveChange = (change: DeviceChange, store: DeviceStore): readonly DeviceProof[] => {
  const {action, request, deviceId, role, before} = change
  const device = deviceIn(store, deviceId)
  const short = shortId(deviceId)
  const token = tokenFor(device, role)
  const isAnswered = request === null || requestIn(store, request.requestId) === null
  const answered: DeviceProof = {what: `request ${request?.requestId} no longer waits`, ok: isAnswered}
  switch (action) {
    case 'approve':
      return [...approved(change, store), answered]
    case 'reject':
      return [
        answered,
        {
          what: before === null ? `device ${short} is not paired` : `device ${short} has the rights that it had`,
          ok: isSameRights(before, rightsIn(store, deviceId)),
        },
      ]
    case 'revoke':
      return [{what: `the token of device ${short} as ${role} is revoked`, ok: token === undefined || token.revokedAt !== null}]
    case 'remove':
      return [{what: `device ${short} is not paired any more`, ok: device === null}]
    case 'rotate': {
      const old = before?.tokens.find(one => one.role === role)
      const isNew = token !== undefined && (token.rotatedAt !== (old?.rotatedAt ?? null) || token.createdAt !== old?.createdAt)
      return [{what: `device ${short} has another token as ${role} than before`, ok: isNew && token.revokedAt === null}]
    }
  }
}

/** When the device was last let in, after that time; null where it was not. */
export const seenSince = ({paired}: DeviceStore, id: string, since: number): number | null => {
  const device = paired.find(({deviceId}) => deviceId === id)
  const times = device ? [device.lastSeenAt, ...device.tokens.map(({lastUsedAt}) => lastUsedAt)] : []
  const latest = Math.max(0, ...times.map(at => at ?? 0))
  return latest > 0 && latest >= since ? latest : null
}
