import type {Attempt} from '../../src/domain/attempts/attempt.ts'
import type {Client} from '../../src/domain/attempts/client.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const when = '2026-11-21T10:18:23.440'
const conn = 'cb7c062d-bea4-41d0-9b67-60a18887c287'

/** What a stranger chooses about a connection. */
export type Chosen = {
  forwardedFor?: string
  origin?: string
  host?: string
  userAgent?: string
  closeText?: string
  version?: string
}

/** What the gateway decides about it. */
export type Decided = {code: number; cause: string; authReason?: string}

const absent = 'n/a'

const head = ({forwardedFor, origin, host, userAgent}: Chosen): string =>
  `peer=127.0.0.1:46964->127.0.0.1:18810 remote=127.0.0.1 fwd=${forwardedFor ?? absent} origin=${origin ?? absent} host=${host ?? absent} ua=${userAgent ?? absent}`

const closeText = (chosen: Chosen, {code}: Decided): string =>
  `closed before connect conn=${conn} ${head(chosen)} code=${code} reason=${chosen.closeText ?? absent} phase=auth_validated`

const closeMeta = ({forwardedFor, origin, host, userAgent, version}: Chosen, {cause, authReason}: Decided) => ({
  cause,
  handshake: 'failed',
  durationMs: 64,
  host,
  origin,
  userAgent,
  forwardedFor,
  remoteAddr: '127.0.0.1',
  remotePort: 46964,
  localAddr: '127.0.0.1',
  localPort: 18810,
  endpoint: '127.0.0.1:46964->127.0.0.1:18810',
  authReason,
  client: 'cli',
  mode: 'cli',
  version,
})

/** A line as 2026.9.6 writes it into its file. */
export const logged = (text: string, meta?: object): string =>
  JSON.stringify({
    '0': '{"subsystem":"gateway/ws"}',
    ...(meta === undefined ? {'1': text} : {'1': meta, '2': text}),
    _meta: {date: `${when}Z`, logLevelName: 'WARN', name: '{"subsystem":"gateway/ws"}', parentNames: ['openclaw']},
    time: `${when}+00:00`,
    hostname: 'vm',
    message: text,
  })

/** A line as a console without a terminal shows it. */
export const shown = (text: string): string => `${when}+00:00 [ws] ${text}`

export const closedInLog = (chosen: Chosen, decided: Decided): string =>
  logged(closeText(chosen, decided), closeMeta(chosen, decided))
export const closedInConsole = (chosen: Chosen, decided: Decided): string => shown(closeText(chosen, decided))

const unauthorizedText = ({userAgent, origin, version}: Chosen, {authReason}: Decided): string =>
  `unauthorized conn=${conn} peer=127.0.0.1:46964->127.0.0.1:18810 remote=127.0.0.1 client=cli cli v${version ?? '1.2.3'} role=operator scopes=1 auth=token device=no platform=linux instance=n/a host=127.0.0.1:18810 origin=${origin ?? absent} ua=${userAgent ?? absent} reason=${authReason} guidance=unauthorized`

export const unauthorizedInLog = (chosen: Chosen, decided: Decided): string => logged(unauthorizedText(chosen, decided))
export const unauthorizedInConsole = (chosen: Chosen, decided: Decided): string => shown(unauthorizedText(chosen, decided))

export type Recorded = {lines: LogLine[]; world: World; attempts: Attempt[]; clients: Client[]}

export const apply = (...raw: string[]): Recorded => {
  const world = createWorld()
  const attempts: Attempt[] = []
  const lines = raw.map((text, i) => readLogLine(text, {file: 'log', line: i + 1}, 0, Date.parse(`${when}Z`)))
  for (const line of lines) {
    const change = applyLine(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  }
  expirePending(world, Infinity)
  return {lines, world, attempts, clients: Array.from(world.clients.byKey.values())}
}
