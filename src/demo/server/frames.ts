import {createHmac, randomBytes} from 'node:crypto'
import type {Admission} from './admission.ts'
import {buildId, release} from './lines.ts'
import type {LogMeta} from './log.ts'
import {presenceList, type ServerState} from './server-state.ts'

const hashKey = randomBytes(32)
const keyed = (text: string): string => createHmac('sha256', hashKey).update(text).digest('base64url')

export const methods = [
  'health',
  'logs.tail',
  'status',
  'system-presence',
  'gateway.identity.get',
  'gateway.restart.preflight',
  'models.authStatus',
]
const events = [
  'connect.challenge',
  'presence',
  'tick',
  'shutdown',
  'gateway.suspension',
  'health',
  'voicewake.changed',
  'voicewake.routing.changed',
]

export const challenge = (nonce: string, ts: number): LogMeta => ({
  type: 'event',
  event: 'connect.challenge',
  payload: {nonce, ts, capabilities: ['model-catalog-snapshot']},
})

export const healthOf = ({clock, folder}: ServerState): LogMeta => {
  const sessions = {path: `${folder}/agents/main/agent/openclaw-agent.sqlite`, count: 0, recent: []}
  return {
    ok: true,
    ts: clock(),
    durationMs: 4,
    plugins: {loaded: [], errors: [], unavailable: []},
    configReload: {hotReloadStatus: 'active'},
    channels: {},
    channelOrder: [],
    channelLabels: {},
    heartbeatSeconds: 1800,
    defaultAgentId: 'main',
    agents: [{agentId: 'main', isDefault: true, heartbeat: {enabled: true, every: '30m', everyMs: 1_800_000}, sessions}],
    sessions,
    eventLoop: {degraded: false, degradedSinceMs: null, reasons: []},
  }
}

const snapshot = (server: ServerState, {scopes, role}: Admission): LogMeta => {
  const {boot, clock, settings, versions, folder} = server
  const admin = scopes.includes('operator.admin')
  return {
    suspension: {phase: 'accepting'},
    presence: role === 'operator' && scopes.length > 0 ? presenceList(server) : [],
    health: healthOf(server),
    stateVersion: {presence: versions.presence, health: versions.health},
    uptimeMs: clock() - boot.at,
    appliedConfigHash: `hmac-sha256:v1:${keyed(JSON.stringify(settings.raw))}`,
    sessionDefaults: {defaultAgentId: 'main', mainKey: 'main', mainSessionKey: 'agent:main:main', scope: 'per-sender'},
    ...(admin ? {configPath: `${folder}/openclaw.json`, stateDir: folder, authMode: 'token'} : {}),
  }
}

const policy: LogMeta = {
  maxPayload: 26_214_400,
  maxBufferedBytes: 52_428_800,
  tickIntervalMs: 30_000,
  attachments: {maxBytes: 19_464_192, maxImageBytes: 6_291_456},
  allowedSessionVisibilities: ['shared', 'read-only', 'suggest', 'draft'],
  hasMultipleSessionSharingIdentities: false,
}

export const helloOk = (server: ServerState, connId: string, admission: Admission): LogMeta => {
  const {role, scopes, method, device} = admission
  const operator = role === 'operator'
  const recovery = operator ? {recoveryScope: keyed(`${server.settings.token} ${device?.id}`)} : {}
  const migration = operator && device ? {recoveryMigrationAllowed: true} : {}
  const issued = device ? {deviceToken: device.token, issuedAtMs: device.pairedAt} : {}
  return {
    type: 'hello-ok',
    protocol: 4,
    server: {version: release, buildId, bootId: server.boot.id, controlUiBuildSource: 'bundled', connId},
    features: {methods, events, capabilities: ['gateway-restart-target-safe-v1', 'model-catalog-snapshot']},
    snapshot: snapshot(server, admission),
    auth: {method, role, scopes, ...recovery, ...migration, ...issued},
    policy,
  }
}
