import {z} from 'zod'
import {present} from '../../domain/clean.ts'
import {ownInstance, type Presence} from '../../domain/live/connected-client.ts'
import type {HealthSummary, Hello} from '../../domain/live/observed.ts'
import {isUpTo} from '../../domain/release.ts'
import type {Secret} from '../../domain/secret.ts'
import {readPresence} from './presence.ts'

const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)
const list = z.array(z.unknown()).optional().catch(undefined)
const record = z.record(z.string(), z.unknown()).optional().catch(undefined)

const eventLoop = z.object({
  degraded: z.boolean().optional().catch(undefined),
  reasons: z.array(z.string()).optional().catch(undefined),
  delayMaxMs: number,
  utilization: number,
})

const health = z.object({
  ok: z.boolean().optional().catch(undefined),
  ts: number,
  eventLoop: eventLoop.optional().catch(undefined),
  plugins: z.object({errors: list}).optional().catch(undefined),
  channels: record,
  configReload: z.object({hotReloadStatus: text}).optional().catch(undefined),
})

const hello = z.object({
  protocol: number,
  server: z.object({version: text, buildId: text, bootId: text, connId: text}).optional().catch(undefined),
  snapshot: z
    .object({
      presence: z.unknown().optional(),
      health: z.unknown().optional(),
      uptimeMs: number,
      appliedConfigHash: text,
      stateVersion: z.object({presence: number}).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  auth: z
    .object({scopes: z.array(z.string()).optional().catch(undefined)})
    .optional()
    .catch(undefined),
  policy: z.object({tickIntervalMs: number}).optional().catch(undefined),
})

const short = (value: string | undefined): string | null => present(value, 200) ?? null

/** Releases up to 2026.2.26 call themselves `dev` here. */
const release = (value: string | undefined): string | null => (value === 'dev' ? null : short(value))

const loopOf = (found: z.infer<typeof eventLoop>): HealthSummary['eventLoop'] => ({
  degraded: found.degraded ?? false,
  reasons: (found.reasons ?? []).slice(0, 8).map(reason => short(reason) ?? ''),
  delayMaxMs: found.delayMaxMs ?? null,
  utilization: found.utilization ?? null,
})

export const readHealth = (value: unknown): HealthSummary | null => {
  const found = health.safeParse(value)
  if (!found.success || found.data.ok === undefined) return null
  const {ok, ts, plugins, channels, configReload} = found.data
  return {
    ok,
    at: ts ?? 0,
    eventLoop: found.data.eventLoop ? loopOf(found.data.eventLoop) : null,
    pluginErrors: plugins?.errors?.length ?? 0,
    channels: Object.keys(channels ?? {}).length,
    hotReload: short(configReload?.hotReloadStatus),
  }
}

export type HelloFrame = {
  kind: 'hello'
  hello: Hello
  presence: Presence[] | null
  presenceVersion: number | null
  health: HealthSummary | null
}

export const readHello = (payload: unknown): HelloFrame | null => {
  const found = hello.safeParse(payload)
  if (!found.success) return null
  const {protocol, server, snapshot, auth, policy} = found.data
  return {
    kind: 'hello',
    hello: {
      version: release(server?.version),
      buildId: short(server?.buildId),
      bootId: short(server?.bootId),
      connId: short(server?.connId),
      protocol: protocol ?? null,
      scopes: (auth?.scopes ?? []).slice(0, 20).map(scope => short(scope) ?? ''),
      uptimeMs: snapshot?.uptimeMs ?? null,
      appliedConfigHash: short(snapshot?.appliedConfigHash),
      tickIntervalMs: policy?.tickIntervalMs ?? null,
    },
    presence: readPresence(snapshot?.presence),
    presenceVersion: snapshot?.stateVersion?.presence ?? null,
    health: readHealth(snapshot?.health),
  }
}

type ConnectOptions = {token: Secret; version: string; platform: string; release: string | null; scopes?: readonly string[]}

/** Until here the list of who is there goes to everybody who is let in; later it takes the scope to read. */
const lastOpenPresence = '2026.7.35'

/**
 * The lightest client that every release lets in by the shared token alone and keeps off its list of who is there. Without
 * the scope to read it is spared every conversation, too.
 */
export const connectFrame = ({token, version, platform, release, scopes}: ConnectOptions): string =>
  JSON.stringify({
    type: 'req',
    id: 'connect',
    method: 'connect',
    params: {
      minProtocol: 3,
      maxProtocol: 4,
      client: {id: 'cli', displayName: 'gatecrab', version, platform, mode: 'cli', instanceId: ownInstance},
      role: 'operator',
      scopes: scopes ?? (isUpTo(release, lastOpenPresence) ? [] : ['operator.read']),
      caps: [],
      auth: {token: token.reveal()},
    },
  })

/** What the gateway looks up again is told to nobody. */
export const reloadSecretsFrame = (): string => JSON.stringify({type: 'req', id: reloadId, method: 'secrets.reload', params: {}})

export const connectId = 'connect'
export const reloadId = 'reload'
