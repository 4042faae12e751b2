import {readFileSync, statSync} from 'node:fs'
import {isRequest, readRequest} from './connect.ts'
import {healthOf, methods} from './frames.ts'
import {failedCall, release} from './lines.ts'
import {type LogMeta, newTrace} from './log.ts'
import type {ErrorShape} from './refusal.ts'
import {canRead, presenceList, type ServerClient, type ServerState} from './server-state.ts'

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

const answer = (server: ServerState, serverClient: ServerClient, method: string, params: LogMeta): Answer => {
  if (method === 'health') return {payload: {...healthOf(server), modelRuntime: {degraded: false, pendingAgents: []}}}
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
