import {createHmac, randomBytes} from 'node:crypto'
import {readFileSync, statSync} from 'node:fs'
import type {Admission} from './admission.ts'
import {isRequest, readRequest} from './connect.ts'
import {buildId, failedCall, release} from './lines.ts'
import {type LogMeta, newTrace} from './log.ts'
import type {ErrorShape} from './refusal.ts'
import {isFromVariable, secretOf} from './secret.ts'
import {canRead, presenceList, type ServerClient, type ServerState} from './server-state.ts'

const hashKey = randomBytes(32)
const keyed = (text: string): string => createHmac('sha256', hashKey).update(text).digest('base64url')

const methods = [
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

type Answer = {payload: unknown} | {error: ErrorShape}

const missingScope = (scope: string): Answer => ({
  error: {
    code: 'FORBIDDEN',
    message: `missing scope: ${scope}`,
    details: {code: 'MISSING_SCOPE', missingScope: scope, requiredScopes: [scope]},
  },
})
const invalid = (message: string): Answer => ({error: {code: 'INVALID_REQUEST', message}})

const tailLimits = {limit: [500, 5000], maxBytes: [250_000, 1_000_000], cursor: [0, Number.MAX_SAFE_INTEGER]} as const

const tailProblem = (params: LogMeta): string | null => {
  const unknownKey = Object.keys(params).find(name => !(name in tailLimits))
  if (unknownKey) return `at root: unexpected property '${unknownKey}'`
  const wrong = Object.keys(params).find(name => !Number.isInteger(params[name]))
  return wrong ? `at /${wrong}: must be integer` : null
}

/** The end of the log: after `cursor`, else its last `maxBytes`; whole lines, at most `limit`. */
const tailLog = ({logFile}: ServerState, params: LogMeta): Answer => {
  const problem = tailProblem(params)
  if (problem) return invalid(`invalid logs.tail params: ${problem}`)
  const [cursor, maxBytes, limit] = [
    params['cursor'] as number | undefined,
    Number(params['maxBytes'] ?? 250_000),
    Number(params['limit'] ?? 500),
  ]
  const {size} = statSync(logFile)
  const reset = cursor !== undefined && cursor > size
  const from = Math.max(reset || cursor === undefined ? 0 : cursor, size - maxBytes)
  const found = readFileSync(logFile).subarray(from, size).toString('utf8').split('\n').filter(Boolean)
  const whole = from > 0 && from !== cursor ? found.slice(1) : found
  const lines = whole.slice(-limit)
  return {
    payload: {file: logFile, cursor: size, size, lines, truncated: lines.length < whole.length || from > (cursor ?? 0), reset},
  }
}

const statusOf = (): LogMeta => ({
  runtimeVersion: release,
  heartbeat: {defaultAgentId: 'main', agents: [{agentId: 'main', enabled: true, every: '30m', everyMs: 1_800_000}]},
  channelSummary: [],
  sessions: {count: 0, recent: []},
  pid: process.pid,
})

const handlers: Record<string, (server: ServerState, params: LogMeta) => Answer> = {
  status: () => ({payload: statusOf()}),
  'system-presence': server => ({payload: presenceList(server)}),
  'logs.tail': tailLog,
}

/** Clients that came with the secret of before are cut off once they have their answer. */
const reloadSecrets = (server: ServerState, {scopes}: ServerClient): Answer => {
  if (!scopes.includes('operator.admin')) return missingScope('operator.admin')
  // Variables are those of the process, for as long as it lives.
  if (!isFromVariable(server.settings.raw))
    server.settings = {...server.settings, token: secretOf(server.settings.raw, server.folder)}
  const before = [...server.clients].filter(({method}) => method === 'token').map(({socket}) => socket)
  const cutOff = (): void => {
    for (const socket of before) socket.close(4001, 'gateway auth changed')
  }
  setTimeout(cutOff, 10)
  return {payload: {ok: true, warningCount: 0}}
}

const answer = (server: ServerState, serverClient: ServerClient, method: string, params: LogMeta): Answer => {
  if (method === 'health') return {payload: {...healthOf(server), modelRuntime: {degraded: false, pendingAgents: []}}}
  if (method === 'secrets.reload') return reloadSecrets(server, serverClient)
  const handler = handlers[method]
  if (!handler && !serverClient.scopes.includes('operator.admin')) return missingScope('operator.admin')
  if (!handler)
    return methods.includes(method)
      ? {error: {code: 'UNAVAILABLE', message: 'not in this demo'}}
      : invalid(`unknown method: ${method}`)
  return canRead(serverClient.scopes) ? handler(server, params) : missingScope('operator.read')
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const reply = (server: ServerState, serverClient: ServerClient, text: string): LogMeta => {
  const frame = readRequest(parse(text))
  if (!isRequest(frame))
    return {id: frame.id ?? 'invalid', ok: false, error: {code: 'INVALID_REQUEST', message: 'invalid request frame'}}
  const reply = answer(server, serverClient, frame.method, (frame.params ?? {}) as LogMeta)
  if ('payload' in reply) return {id: frame.id, ok: true, payload: reply.payload}
  server.log.write(failedCall(serverClient.peer.connId, frame.method, 1, reply.error, frame.id, newTrace()))
  return {id: frame.id, ok: false, error: reply.error}
}

export const handleCall = (server: ServerState, serverClient: ServerClient, text: string): void =>
  serverClient.socket.send(JSON.stringify({type: 'res', ...reply(server, serverClient, text)}))
