import type {History} from '../running.ts'
import * as life from '../server/lines.ts'
import * as lines from '../server/lines.ts'
import {type Line, newTrace} from '../server/log.ts'
import {providerFailureLines} from '../server/provider-failure.ts'
import {type AuthReason, type DemoRefusal, notPaired, unauthorizedRefusal, wrongOrigin} from '../server/refusal.ts'
import {type Caller, callersOf} from './rpc-client.ts'

/** The same seed gives the same numbers between 0 and 1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const minute = 60_000

type TrafficHistory = {at: number; line: Line}
type Scene = {port: number; now: number; random: () => number; callers: ReturnType<typeof callersOf>}

const peerOf = ({port, random}: Scene, headers: Record<string, string>): lines.Peer => ({
  connId: crypto.randomUUID(),
  remoteAddr: '127.0.0.1',
  remotePort: 40_000 + Math.floor(random() * 20_000),
  localAddr: '127.0.0.1',
  localPort: port,
  host: headers['Host'] ?? `127.0.0.1:${port}`,
  origin: headers['Origin'],
  userAgent: headers['User-Agent'],
  forwardedFor: headers['X-Forwarded-For'],
})

const spread = (at: number, written: readonly Line[], gapMs: number): TrafficHistory[] =>
  written.map((line, index) => ({at: at + index * gapMs, line}))

const frame = {type: 'req', method: 'connect', id: 'connect'}

const refused = (
  at: number,
  peer: lines.Peer,
  caller: Caller,
  refusal: DemoRefusal,
  phase: string,
  suppressed = 0,
): TrafficHistory[] => {
  const {cause, code, text, meta, denied} = refusal
  const {id: client, mode, version, buildId, platform} = caller.client
  const facts = cause === 'pairing-required' ? meta : {...meta, client, mode, version, buildId, platform}
  const ending = {
    cause,
    durationMs: 9,
    handshake: 'failed',
    phase,
    frame,
    meta: facts ?? {},
    code,
    reason: text,
    suppressed,
  } as const
  const first = denied ? [lines.unauthorizedLine(peer, denied, suppressed, newTrace())] : []
  return spread(at, [...first, lines.closedBeforeConnect(peer, ending)], 3)
}

const denied = (scene: Scene, at: number, caller: Caller, reason: AuthReason, suppressed = 0): TrafficHistory[] => {
  const {client, scopes, headers} = caller
  const peer = peerOf(scene, headers)
  const auth = reason === 'token_mismatch' ? {token: 'old'} : {}
  const asking = {client, auth, role: 'operator', scopes, device: true, local: !peer.forwardedFor, peer: lines.endpoint(peer)}
  return refused(at, peer, caller, unauthorizedRefusal({reason}, asking), 'auth_credentials_received', suppressed)
}

const probe = (scene: Scene, at: number): TrafficHistory[] => {
  const ending = {
    durationMs: 150,
    handshake: 'pending',
    phase: 'ws_upgrade_started',
    frame: {},
    meta: {},
    code: 1005,
    reason: '',
    suppressed: 0,
  } as const
  return [{at, line: lines.closedBeforeConnect(peerOf(scene, {}), ending)}]
}

const untrusted = (scene: Scene, at: number): TrafficHistory[] => {
  const caller = scene.callers.stranger
  return refused(at, peerOf(scene, caller.headers), caller, wrongOrigin('origin not allowed'), 'ws_upgrade_started')
}

const newNode = (scene: Scene, at: number): TrafficHistory[] => {
  const {node} = scene.callers
  const {id} = node.device
  const refusal = notPaired(node.client, id, crypto.randomUUID(), 'node', [])
  const approved: Line = {
    level: 'INFO',
    subsystem: 'gateway',
    text: `device pairing approved device=${id} role=node`,
    tail: newTrace(),
  }
  return [...refused(at, peerOf(scene, node.headers), node, refusal, 'auth_validated'), {at: at + 40_000, line: approved}]
}

/** The healthy webchat: in at `from`, put out at `to` with `code`. */
const visit = (scene: Scene, from: number, to: number, code: number, reason: string): TrafficHistory[] => {
  const {client, headers} = scene.callers.webchat
  const peer = peerOf(scene, headers)
  const out = lines.webchatDisconnected(peer, code, reason, {durationMs: to - from})
  return [
    {at: from, line: lines.webchatConnected(peer, client, newTrace())},
    {at: to, line: out},
  ]
}

const times = (from: number, to: number, every: number): number[] =>
  Array.from({length: Math.ceil((to - from) / every)}, (_, index) => from + index * every)

const ago = ({now}: Scene, minutes: number): number => now - minutes * minute

const lifeOf = (scene: Scene, logFile: string, restart: number, rotation: number): TrafficHistory[] => {
  const start = ago(scene, 31)
  const listening = (seconds: number) => [...life.listening(process.pid, logFile, seconds * 1000), ...life.ready]
  return [
    ...spread(start, [...life.coldStart, ...listening(4)], 450),
    ...newNode(scene, ago(scene, 29)),
    ...visit(scene, ago(scene, 30), restart, 1012, 'service restart'),
    ...spread(ago(scene, 22), providerFailureLines(ago(scene, 22)), 60),
    ...spread(restart - 200, life.restarting, 10),
    ...spread(restart + 60, [...life.stopped(122), life.sameProcess], 50),
    ...spread(restart + 1500, listening(2), 200),
    ...visit(scene, restart + 5000, rotation + 60, 4001, 'gateway auth changed'),
    {at: rotation, line: life.configChanged(['gateway.auth.token'])},
    {at: rotation + 90, line: life.configApplied(['gateway.auth.token'])},
    ...visit(scene, rotation + 1600, scene.now - 900, 1001, ''),
  ]
}

const clientTraffic = (scene: Scene): TrafficHistory[] => {
  const {now, random, callers} = scene
  const recent = now - minute
  return [
    ...times(ago(scene, 15), recent, 40_000).flatMap((at, index) =>
      denied(scene, at, callers.tokenless, 'token_missing', index > 0 ? 1 : 0),
    ),
    ...times(ago(scene, 5), now - 1000, 1400).flatMap(at => denied(scene, at + random() * 300, callers.laptop, 'token_mismatch')),
    ...times(ago(scene, 28), recent, minute).flatMap(at => probe(scene, at + random() * 2000)),
    ...times(ago(scene, 26), now, 4 * minute).flatMap(at => untrusted(scene, at)),
  ]
}

/** A believable half hour before `now`: a start, a new node, a restart, a rotation, and the storm that followed it. */
export const historyOf = (port: number, now: number, logFile: string): History => {
  const scene: Scene = {port, now, random: seeded(port), callers: callersOf(port)}
  const [restart, rotation] = [ago(scene, 18), ago(scene, 9)]
  const isUp = ({at}: TrafficHistory): boolean => at < restart - 300 || at > restart + 4500
  const entries = [...lifeOf(scene, logFile, restart, rotation), ...clientTraffic(scene).filter(isUp)]
  const lines = entries.map(({at, line}) => ({at: Math.round(at), line})).sort((a, b) => a.at - b.at)
  return {lines, bootedAt: restart + 1500}
}
