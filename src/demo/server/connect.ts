import {isFields} from '../../gateway/json.ts'
export type ClientInfo = {
  id: string
  mode: string
  version: string
  platform: string
  displayName?: string
  buildId?: string
  deviceFamily?: string
  modelIdentifier?: string
  instanceId?: string
}

export type DeviceProof = {id: string; publicKey: string; signature: string; signedAt: number; nonce?: string}

export type Credentials = {token?: string; password?: string; deviceToken?: string; bootstrapToken?: string}

export type Connect = {
  minProtocol: number
  maxProtocol: number
  client: ClientInfo
  role?: string
  scopes?: string[]
  auth?: Credentials
  device?: DeviceProof
}

export type RequestFrame = {type?: string | undefined; method?: string | undefined; id?: string | undefined; params?: unknown}

type Fields = Record<string, unknown>

const clientIds = [
  ...[
    'webchat-ui',
    'openclaw-control-ui',
    'openclaw-browser-copilot',
    'openclaw-tui',
    'webchat',
    'cli',
    'gateway-client',
    'openclaw-macos',
  ],
  ...[
    'openclaw-linux',
    'openclaw-ios',
    'openclaw-watchos',
    'openclaw-android',
    'node-host',
    'openclaw-worker',
    'test',
    'fingerprint',
    'openclaw-probe',
  ],
]
const clientModes = ['webchat', 'cli', 'ui', 'backend', 'node', 'worker', 'probe', 'test']
const paired = [
  'minProtocol',
  'maxProtocol',
  'client',
  'caps',
  'commands',
  'permissions',
  'pathEnv',
  'role',
  'scopes',
  'device',
  'auth',
  'locale',
  'userAgent',
]

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const readRequest = (value: unknown): RequestFrame => {
  if (!isFields(value)) return {}
  return {type: text(value['type']), method: text(value['method']), id: text(value['id']), params: value['params']}
}

export const isRequest = (frame: RequestFrame): frame is RequestFrame & {method: string; id: string} =>
  frame.type === 'req' && Boolean(frame.method) && Boolean(frame.id)

const missing = (value: Fields, fields: readonly string[], where: string): string | null => {
  const field = fields.find(name => value[name] === undefined)
  return field ? `${where}must have required property '${field}'` : null
}

const oneOf = (value: unknown, allowed: readonly string[], where: string): string | null =>
  allowed.includes(String(value)) ? null : `at ${where}: must be equal to one of the allowed values`

/** What is wrong with the params of a connect request, in the words of the gateway's validator. */
const problemOf = (params: unknown): string | null => {
  if (!isFields(params)) return 'must be object'
  const {client} = params
  const unknownKey = Object.keys(params).find(name => !paired.includes(name))
  return (
    missing(params, ['minProtocol', 'maxProtocol', 'client'], '') ??
    (isFields(client) ? missing(client, ['id', 'version', 'platform', 'mode'], 'at /client: ') : 'at /client: must be object') ??
    (isFields(client)
      ? (oneOf(client['id'], clientIds, '/client/id') ?? oneOf(client['mode'], clientModes, '/client/mode'))
      : null) ??
    (unknownKey ? `at root: unexpected property '${unknownKey}'` : null)
  )
}

export const readConnect = (params: unknown): Connect | {problem: string} => {
  const problem = problemOf(params)
  return problem ? {problem: `invalid connect params: ${problem}`} : (params as Connect)
}

export const isControlUi = ({id}: ClientInfo): boolean =>
  ['openclaw-control-ui', 'openclaw-browser-copilot', 'openclaw-tui'].includes(id)
export const isBrowser = ({id}: ClientInfo): boolean => id === 'openclaw-control-ui' || id === 'openclaw-browser-copilot'
export const isWebchat = ({id, mode}: ClientInfo): boolean => mode === 'webchat' || id === 'webchat-ui'
