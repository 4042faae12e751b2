import type {Layer} from '../reasons/reason.ts'
import type {Identity, LineRef} from './event.ts'

type Outcome = 'connected' | 'refused' | 'left' | 'pending'

/** An expected failure: shown dimmed, and still counted. */
export type Expected = 'restart' | 'start-up' | 'probe' | 'ours'

/** One socket that came to the gateway, and how it fared. */
export type Attempt = {
  id: string
  at: number
  endedAt: number | null
  outcome: Outcome
  closeCode: number | null
  closeReason: string | null
  cause: string | null
  authReason: string | null
  /** The row of the reason table; null while nothing has gone wrong or ended. */
  reason: string | null
  /** The more specific row, where the log tells more. */
  detail: string | null
  layer: Layer | null
  client: Identity
  remote: string | null
  /** What a header says, which anybody can send. */
  forwardedFor: string | null
  /** Whom a trusted proxy speaks for. */
  behindProxy: string | null
  origin: string | null
  userAgent: string | null
  user: string | null
  endpoint: string | null
  deviceId: string | null
  requestId: string | null
  alsoHidden: number
  expected: Expected | null
  /** The gateway stopped under it: no line says when it ended. */
  gone: boolean
  evidence: LineRef[]
}

export const createAttempt = (id: string, at: number): Attempt => ({
  id,
  at,
  endedAt: null,
  outcome: 'pending',
  closeCode: null,
  closeReason: null,
  cause: null,
  authReason: null,
  reason: null,
  detail: null,
  layer: null,
  client: {id: null, mode: null, version: null, platform: null, displayName: null},
  remote: null,
  forwardedFor: null,
  behindProxy: null,
  origin: null,
  userAgent: null,
  user: null,
  endpoint: null,
  deviceId: null,
  requestId: null,
  alsoHidden: 0,
  expected: null,
  gone: false,
  evidence: [],
})

export const isIn = (attempt: Attempt): boolean => attempt.outcome === 'connected' && attempt.endedAt === null && !attempt.gone

export const isFailed = (attempt: Attempt): boolean => attempt.outcome === 'refused' || attempt.outcome === 'left'

/** It gave no name and went: anybody who reaches the port can make as many of these as they like. */
export const isUnidentifiedLeaver = ({outcome, client, deviceId}: Attempt): boolean =>
  outcome === 'left' && client.id === null && client.mode === null && deviceId === null

/** Where it came from: the address of its socket, or whom a trusted proxy there speaks for. */
export const addressOf = ({behindProxy, remote}: Pick<Attempt, 'behindProxy' | 'remote'>): string | null => behindProxy ?? remote
