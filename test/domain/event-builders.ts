import type {Attempt} from '../../src/domain/attempts/attempt.ts'
import type {Client} from '../../src/domain/attempts/client.ts'
import type {ConnectionFacts, ConnectionKind, GatewayEvent, LineRef, LogLine} from '../../src/domain/attempts/event.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld, type Limits, type World} from '../../src/domain/world/world.ts'

const start = Date.parse('2026-11-21T10:00:00Z')

/** So many seconds after ten o'clock. */
export const at = (seconds: number): number => start + seconds * 1000

export const read = (seconds: number, event: GatewayEvent | null, from: LineRef = {file: 'log', line: 1}): LogLine => ({
  at: at(seconds),
  level: 'info',
  subsystem: 'gateway/ws',
  text: 'a line',
  writer: 'gateway',
  from,
  event,
})

type Ends = {conn?: string | null; endpoint?: string | null}

/** All that a line may tell, in one: what is the connection's own, too. */
type Facts = ConnectionFacts & Partial<{deviceId: string; requestId: string; durationMs: number}>

export const event = (
  seconds: number,
  kind: ConnectionKind,
  {conn = null, endpoint = null}: Ends,
  {deviceId, requestId, durationMs, ...facts}: Facts = {},
): LogLine =>
  read(seconds, {
    kind,
    conn,
    endpoint,
    deviceId: deviceId ?? null,
    requestId: requestId ?? null,
    durationMs: durationMs ?? null,
    facts,
    isShared: false,
  })

/** The nth connection of a test. */
export const conn = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

export const short = (id: string): string => `${id.slice(0, 8)}…${id.slice(-4)}`

const cli: ConnectionFacts = {client: {id: 'cli', mode: 'cli', version: '1.2.3', platform: 'linux'}, remote: '192.0.2.7'}

const mismatch: ConnectionFacts = {
  ...cli,
  code: 1008,
  text: 'unauthorized: gateway token mismatch',
  cause: 'unauthorized',
  authReason: 'token_mismatch',
  handshake: 'failed',
}

/** A wrong token, told by the one line that every refusal has. */
export const refusal = (n: number, seconds: number, facts: Facts = {}): LogLine =>
  event(seconds, 'closed-early', {conn: conn(n)}, {...mismatch, ...facts})

const webchat: ConnectionFacts = {client: {id: 'openclaw-control-ui', mode: 'webchat', version: '1.2.3'}, remote: '192.0.2.7'}

export const admission = (n: number, seconds: number, facts: Facts = {}): LogLine =>
  event(seconds, 'admitted', {conn: conn(n)}, {...webchat, ...facts})

export const departure = (n: number, seconds: number, code = 1001): LogLine =>
  event(seconds, 'disconnected', {conn: conn(n)}, {code})

/** A socket that said nothing and went. */
export const visit = (n: number, seconds: number, facts: Facts = {}): LogLine =>
  event(seconds, 'closed-early', {conn: conn(n)}, {remote: '192.0.2.9', code: 1006, handshake: 'pending', ...facts})

export type Recorded = {world: World; attempts: Attempt[]}

export const apply = (
  lines: readonly LogLine[],
  limits: Partial<Limits> = {},
  trustedProxies: readonly string[] = [],
): Recorded => {
  const world = createWorld(limits, trustedProxies)
  const attempts: Attempt[] = []
  for (const line of lines) {
    const change = applyLine(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  }
  return {world, attempts}
}

export const clientsOf = ({world}: Recorded): Client[] => Array.from(world.clients.byKey.values())

export const onlyClient = (lines: readonly LogLine[]): Client => {
  const clients = clientsOf(apply(lines))
  const [client] = clients
  if (!client || clients.length > 1) throw new Error(`${clients.length} clients instead of one`)
  return client
}

export const every = (count: number, seconds: number, make: (n: number, seconds: number) => LogLine, from = 0): LogLine[] =>
  Array.from({length: count}, (_, i) => make(i + 1 + from * 1000, from + i * seconds))
