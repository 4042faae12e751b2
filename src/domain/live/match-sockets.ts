import {isLoopback} from '../address.ts'
import {addressOf} from '../attempts/attempt.ts'
import type {Candidate} from './candidate.ts'
import type {Connection} from './socket.ts'

const browsers = /\b(?:chrome|chromium|safari|webkit|firefox|msedge|edge|brave|arc|opera|vivaldi|zen|orion)\b/i
const ownApp = /^OpenClaw\b/
const ownNode = /\bopenclaw-node\b/
const ownProgram = /\bopenclaw\b/
const proxies = /\b(?:tailscaled?|caddy|nginx|traefik|haproxy|cloudflared|sshd?|docker-proxy|httpd|envoy)\b/i

/** `own` is a program of OpenClaw without a window: a command line, or a node that does not call itself one. */
type Kind = 'browser' | 'app' | 'node' | 'own' | 'proxy' | 'any'

const kindOfProcess = (name: string | null): Kind => {
  if (name === null) return 'any'
  if (proxies.test(name)) return 'proxy'
  if (browsers.test(name)) return 'browser'
  if (ownApp.test(name)) return 'app'
  if (ownNode.test(name)) return 'node'
  return ownProgram.test(name) ? 'own' : 'any'
}

const modeOf = ({attempt, tracked}: Candidate): string | null => attempt?.client.mode ?? tracked?.presence.mode ?? null
const idOf = ({attempt, tracked}: Candidate): string | null =>
  attempt?.client.id ?? tracked?.presence.clientId ?? tracked?.presence.host ?? null

const kindOfCandidate = (candidate: Candidate): Kind => {
  if (modeOf(candidate) === 'webchat' || idOf(candidate) === 'openclaw-control-ui') return 'browser'
  if (idOf(candidate) === 'openclaw-macos') return 'app'
  if (idOf(candidate) === 'node-host' || modeOf(candidate) === 'node') return 'node'
  return modeOf(candidate) === 'cli' ? 'own' : 'any'
}

const isLikely = (candidate: Candidate, socket: Connection): boolean => {
  const [process, expectedKind] = [kindOfProcess(socket.owner?.process ?? null), kindOfCandidate(candidate)]
  if (process === 'any' || process === 'proxy' || process === expectedKind) return true
  return process === 'own' ? expectedKind === 'any' || expectedKind === 'node' : process === 'node' && expectedKind === 'any'
}

const isLocal = ({client, gateway}: Connection): boolean => isLoopback(client.host) || client.host === gateway.host

/** A client behind a local proxy has a local socket and another address. */
const isFrom = (candidate: Candidate, socket: Connection): boolean => {
  const from = candidate.attempt ? addressOf(candidate.attempt) : (candidate.tracked?.presence.ip ?? null)
  if (from === null || isLoopback(from)) return isLocal(socket)
  return socket.client.host === from || (isLocal(socket) && kindOfProcess(socket.owner?.process ?? null) !== 'browser')
}

const helloMs = 2000
const slackMs = 500
const usualMs = 1000

const firstSeen = ({attempt, tracked}: Candidate): number => attempt?.at ?? tracked?.firstSeen ?? 0
const wasThere = ({tracked}: Candidate): boolean => tracked?.wasThere ?? false

/** The connection came between two looks, and shortly before its client was let in. */
const isThen = (candidate: Candidate, {firstSeen: seenAt, notYetAt}: Connection): boolean =>
  (wasThere(candidate) || notYetAt === null || seenAt >= firstSeen(candidate) - helloMs) &&
  (notYetAt ?? 0) <= firstSeen(candidate) + slackMs

const mayBe = (candidate: Candidate, socket: Connection): boolean =>
  isFrom(candidate, socket) && isThen(candidate, socket) && isLikely(candidate, socket)

const isSpecific = (candidate: Candidate, socket: Connection): boolean =>
  kindOfCandidate(candidate) !== 'any' && kindOfProcess(socket.owner?.process ?? null) === kindOfCandidate(candidate)

const distance = (candidate: Candidate, socket: Connection): number =>
  Math.abs(socket.firstSeen - firstSeen(candidate)) - (isSpecific(candidate, socket) ? 1e9 : 0)

/** Few take longer than a moment from their connection to their hello. */
const closest = (candidate: Candidate, sockets: readonly Connection[]): readonly Connection[] => {
  const atOnce = sockets.filter(socket => socket.firstSeen >= firstSeen(candidate) - usualMs)
  return atOnce.length > 0 && !wasThere(candidate) ? atOnce : sockets
}

const socketsFor = (candidate: Candidate, sockets: readonly Connection[]): Connection[] => {
  const all = sockets.filter(socket => mayBe(candidate, socket))
  const special = all.filter(socket => isSpecific(candidate, socket))
  return closest(candidate, special.length > 0 ? special : all).toSorted(
    (a, b) => distance(candidate, a) - distance(candidate, b),
  )
}

const isOneProcess = ([first, ...rest]: readonly Connection[]): boolean =>
  first?.owner?.pid != null && rest.every(({owner}) => owner?.pid === first.owner?.pid)

type Choice = {candidate: Candidate; sockets: Connection[]}

const sureOf = ({sockets}: Choice, all: readonly Choice[]): Candidate['sure'] => {
  const [only] = sockets
  const isAlone = sockets.length === 1 && all.filter(other => only && other.sockets.includes(only)).length === 1
  if (isAlone) return 'connection'
  return isOneProcess(sockets) ? 'process' : 'nothing'
}

/** A client that connected after the last snapshot has no known socket yet. */
const isIn = (candidate: Candidate, snapshotAt: number): boolean => firstSeen(candidate) <= snapshotAt

/**
 * Gives each person a connection that may be theirs, so that nobody is counted twice. Where several may be, it is left open which one
 * it is, unless one process holds them all.
 */
export const matchSockets = (
  candidates: readonly Candidate[],
  sockets: readonly Connection[],
  snapshotAt: number,
): {candidates: Candidate[]; unmatched: Connection[]} => {
  const choices = candidates
    .map(candidate => ({candidate, sockets: isIn(candidate, snapshotAt) ? socketsFor(candidate, sockets) : []}))
    .toSorted((a, b) => a.sockets.length - b.sockets.length)
  const free = new Set(sockets)
  const found = choices.map(choice => {
    const socket = choice.sockets.find(one => free.has(one))
    if (socket === undefined) return choice.candidate
    free.delete(socket)
    return {...choice.candidate, socket, sure: sureOf(choice, choices)}
  })
  return {candidates: found, unmatched: [...free]}
}
