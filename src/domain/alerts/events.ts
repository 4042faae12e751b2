import type {Problem} from '../diagnosis/problem.ts'
import type {GatewayNow} from '../live/gateway-now.ts'
import type {Layer} from '../reasons/reason.ts'

/** The names of ntfy's priorities, so that a command can pass them on as they are. */
export type Urgency = 'urgent' | 'high' | 'default' | 'low'

export type EventId =
  | 'gateway-gone'
  | 'gateway-frozen'
  | 'port-taken'
  | 'config-broken'
  | 'plan-interrupted'
  | 'login-gone'
  | 'login-ends'
  | 'renewal-failed'
  | 'locked-out'
  | 'pairing-request'
  | 'storm'
  | 'config-rewritten'
  | 'token-changed'
  | 'clients-refused'
  | 'provider-failing'
  | 'channel-failing'
  | 'problem'

/** What is told of without being looked at: the problems that are meant, how urgent it is, and what is said of its end. */
export type EventRow = {
  about: string
  urgency: Urgency
  /** The gateway's state, where that alone decides: a problem may be named as the consequence of another. */
  states?: readonly GatewayNow['is'][]
  problems?: readonly string[]
  /** Problems that say why it is so, and are not told beside it. */
  causes?: readonly string[]
  /** Every other problem of these layers. */
  layers?: readonly Layer[]
  /** A problem that is not broken yet is told, too. */
  isToldSoon?: true
  /** How long it must last: an ordered restart is over before that. */
  holdMs?: number
  /** How its end is told; null where nobody waits for it. */
  ended: ((text: string) => string) | null
  /** Strangers cause these at will: so many are told in ten minutes. */
  maxInTenMinutes?: number
}

const over = (text: string): string => `Over: ${text}`

export const events: Readonly<Record<EventId, EventRow>> = {
  'gateway-gone': {
    about: 'the gateway was killed, crashed, stopped for more than 10 s, or no longer answers; its end: up again',
    urgency: 'urgent',
    states: ['killed', 'stopped', 'unreachable'],
    problems: ['gateway-killed', 'gateway-stopped', 'gateway-down', 'gateway-unreachable', 'service-stopped'],
    causes: ['service-disabled', 'service-not-loaded', 'service-refused-by-system', 'service-out-of-memory'],
    holdMs: 10_000,
    ended: () => 'The gateway is up again',
  },
  'gateway-frozen': {
    about: 'it takes connections and says nothing',
    urgency: 'urgent',
    states: ['frozen'],
    problems: ['gateway-frozen'],
    ended: () => 'The gateway answers again',
  },
  'port-taken': {
    about: "another program has the gateway's port",
    urgency: 'urgent',
    states: ['foreign'],
    problems: ['foreign-listener'],
    ended: () => "The other program no longer has the gateway's port",
  },
  'config-broken': {
    about: 'the config file is not valid, or was refused by the gateway',
    urgency: 'high',
    problems: ['config-invalid', 'config-not-valid'],
    isToldSoon: true,
    ended: () => 'The config file is valid again',
  },
  'plan-interrupted': {
    about: 'a plan of gatecrab was cut off',
    urgency: 'high',
    problems: ['plan-interrupted'],
    ended: () => 'The interrupted plan was finished or rolled back',
  },
  'login-gone': {
    about: 'a login at a model provider expired, is missing, or needs a new sign-in',
    urgency: 'high',
    problems: ['login-gone'],
    ended: over,
  },
  'login-ends': {about: 'a login at a model provider ends soon', urgency: 'default', ended: null},
  'renewal-failed': {about: 'OpenClaw failed to renew a login; once an hour for each', urgency: 'default', ended: null},
  'locked-out': {
    about: 'the gateway locked an address out',
    urgency: 'high',
    problems: ['rate-limited'],
    ended: null,
    maxInTenMinutes: 5,
  },
  'pairing-request': {
    about: 'a device waits for approval',
    urgency: 'default',
    problems: ['pairing-required', 'not-paired', 'scope-upgrade', 'role-upgrade', 'metadata-upgrade', 'device-pending'],
    ended: null,
    maxInTenMinutes: 5,
  },
  storm: {about: 'a refused client retries without a pause', urgency: 'default', ended: null, maxInTenMinutes: 5},
  'config-rewritten': {
    about: 'the config file was written, and not by gatecrab',
    urgency: 'default',
    holdMs: 10_000,
    ended: null,
  },
  'token-changed': {about: "the gateway's token changed", urgency: 'high', ended: null},
  'clients-refused': {
    about: 'clients are refused, for one reason',
    urgency: 'high',
    layers: ['gateway', 'network', 'client'],
    ended: over,
    maxInTenMinutes: 10,
  },
  'provider-failing': {about: 'a model provider refuses', urgency: 'high', layers: ['provider'], ended: over},
  'channel-failing': {about: 'a chat channel fails', urgency: 'high', layers: ['channel'], ended: over},
  problem: {about: 'any other problem that is broken', urgency: 'high', layers: ['lifecycle'], ended: over},
}

/** Of the gateway as a whole: they are told only of one that was up, and end together when it is up again. */
export const ofGateway: readonly EventId[] = ['gateway-gone', 'gateway-frozen', 'port-taken']

const rows = Object.entries(events) as [EventId, EventRow][]

export const eventOf = ({id, layer}: Problem): EventId =>
  rows.find(([, {problems = [], causes = []}]) => problems.includes(id) || causes.includes(id))?.[0] ??
  rows.find(([, {layers}]) => layers?.includes(layer))?.[0] ??
  'problem'
