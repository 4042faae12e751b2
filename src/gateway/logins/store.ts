import path from 'node:path'
import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {BlockWindow, Credential, Usage} from '../../domain/logins/credential.ts'
import {isSince} from '../../domain/release.ts'
import {expandTilde, type HostEnv} from '../paths.ts'
import {credentialOf} from './row.ts'

const time = z.number().positive().max(8.64e15).optional().catch(undefined)
const word = z.string().min(1).optional().catch(undefined)
const lists = z.record(z.string(), z.unknown()).optional().catch(undefined)

const usageSchema = z.object({
  lastUsed: time,
  cooldownUntil: time,
  cooldownReason: word,
  cooldownModel: word,
  disabledUntil: time,
  disabledReason: word,
  blockedUntil: time,
  blockedReason: word,
  blockedModel: word,
  blockedScope: word,
  lastFailureAt: time,
  failureCounts: z.record(z.string(), z.number().catch(0)).optional().catch(undefined),
})
type RawUsage = z.infer<typeof usageSchema>

const stateSchema = z.object({order: lists, usageStats: lists})

type StoreState = {order: Record<string, readonly string[]>; usage: Record<string, Usage>}
type StoreContents = StoreState & {credentials: Credential[]}

const short = (text: string | undefined): string | null => (text === undefined ? null : clean(text, 60))

const topReason = ({failureCounts}: RawUsage): string | undefined =>
  Object.entries(failureCounts ?? {})
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)[0]?.[0]

/** Reasons that may hold for one model only; the others are about the login itself. */
const modelReasons: ReadonlySet<string> = new Set(['rate_limit', 'timeout', 'model_not_found'])

const windowsOf = (raw: RawUsage): BlockWindow[] => {
  const reason = raw.cooldownReason ?? topReason(raw)
  const model = reason !== undefined && modelReasons.has(reason) ? short(raw.cooldownModel) : null
  const scoped = raw.blockedScope === 'model' ? short(raw.blockedModel) : null
  return [
    ...(raw.disabledUntil
      ? [{kind: 'disabled' as const, until: raw.disabledUntil, reason: short(raw.disabledReason), model: null}]
      : []),
    ...(raw.blockedUntil
      ? [{kind: 'blocked' as const, until: raw.blockedUntil, reason: short(raw.blockedReason), model: scoped}]
      : []),
    ...(raw.cooldownUntil ? [{kind: 'cooldown' as const, until: raw.cooldownUntil, reason: short(reason), model}] : []),
  ]
}

const lasting: ReadonlySet<string> = new Set(['auth_permanent', 'session_expired'])

const refusedAt = (raw: RawUsage): number | null => {
  const counted = Object.entries(raw.failureCounts ?? {}).some(([reason, count]) => lasting.has(reason) && count > 0)
  const named = [raw.disabledReason, raw.cooldownReason].some(reason => reason !== undefined && lasting.has(reason))
  return counted || named ? (raw.lastFailureAt ?? null) : null
}

const usageOf = (value: unknown): Usage | null => {
  const found = usageSchema.safeParse(value)
  if (!found.success) return null
  return {lastUsed: found.data.lastUsed ?? 0, windows: windowsOf(found.data), refusedAt: refusedAt(found.data)}
}

const orderOf = (value: unknown): string[] | null => {
  if (!Array.isArray(value)) return null
  const ids = value.filter((id): id is string => typeof id === 'string' && id.trim() !== '').map(id => clean(id.trim(), 200))
  return ids.length > 0 ? ids : null
}

const withoutNulls = <T>(entries: readonly (readonly [string, T | null])[]): Record<string, T> =>
  Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== null))

/** Order and blocks; a state that is none counts as empty, as OpenClaw has it. */
const storeStateOf = (value: unknown): StoreState => {
  const found = stateSchema.safeParse(value)
  const {order = {}, usageStats = {}} = found.success ? found.data : {}
  return {
    order: withoutNulls(Object.entries(order).map(([provider, ids]) => [clean(provider.trim().toLowerCase(), 80), orderOf(ids)])),
    usage: withoutNulls(Object.entries(usageStats).map(([id, usage]) => [clean(id, 200), usageOf(usage)])),
  }
}

const storeSchema = z.object({profiles: z.record(z.string(), z.unknown())})

/** A store's JSON with the state that may lie in it and the one kept beside it; null where it has another shape. */
export const contentsOf = (store: unknown, state: unknown): StoreContents | null => {
  const found = storeSchema.safeParse(store)
  if (!found.success) return null
  const fromStore = storeStateOf(store)
  const fromState = storeStateOf(state)
  return {
    credentials: Object.entries(found.data.profiles).map(([id, row]) => credentialOf(id, row)),
    order: {...fromStore.order, ...fromState.order},
    usage: {...fromStore.usage, ...fromState.usage},
  }
}

export type AgentPlace = {id: string; folder: string; db: string; json: string; stateJson: string}

type SharedPlace = {db: string}

/** Rows of the shared database, and what its switch may say. */
export const sharedKeys = {owner: 'auth.sharedStore', store: 'authProfiles.store', state: 'authProfiles.state'} as const

/** The newest layouts that were looked at. A database of a later one is left alone, as OpenClaw does. */
export const newestLayout = {agent: 23, shared: 18} as const

export const sharedPlace = (stateDir: string): SharedPlace => ({db: path.join(stateDir, 'state', 'openclaw.sqlite')})

const inFolder = (id: string, folder: string): AgentPlace => ({
  id,
  folder,
  db: path.join(folder, 'openclaw-agent.sqlite'),
  json: path.join(folder, 'auth-profiles.json'),
  stateJson: path.join(folder, 'auth-state.json'),
})

type AgentLocation = {stateDir: string; hostEnv: HostEnv; isStateDirGiven: boolean}

/** A folder that the environment names for main; a state folder that was asked for by name wins over it. */
const redirected = ({hostEnv, isStateDirGiven}: AgentLocation): string | undefined =>
  isStateDirGiven
    ? undefined
    : (hostEnv.env['OPENCLAW_AGENT_DIR']?.trim() ?? hostEnv.env['PI_CODING_AGENT_DIR']?.trim()) || undefined

export const agentPlace = (id: string, agentDir: string | null, where: AgentLocation): AgentPlace => {
  const moved = id === 'main' ? redirected(where) : undefined
  const named = agentDir ?? moved
  return inFolder(id, named ? expandTilde(named, where.hostEnv) : path.join(where.stateDir, 'agents', id, 'agent'))
}

/** From 2026.6.5 on nothing in these files counts; before, they are the store. */
export const readsJsonStore = (release: string | null): boolean => release !== null && !isSince(release, '2026.6.5')
