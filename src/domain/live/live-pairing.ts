import {isLoopback} from '../address.ts'
import {addressOf} from '../attempts/attempt.ts'
import type {Person} from './live-person.ts'
import type {Connection} from './live-socket.ts'

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

const modeOf = ({attempt, known}: Person): string | null => attempt?.client.mode ?? known?.presence.mode ?? null
const idOf = ({attempt, known}: Person): string | null =>
  attempt?.client.id ?? known?.presence.clientId ?? known?.presence.host ?? null

const kindOfPerson = (person: Person): Kind => {
  if (modeOf(person) === 'webchat' || idOf(person) === 'openclaw-control-ui') return 'browser'
  if (idOf(person) === 'openclaw-macos') return 'app'
  if (idOf(person) === 'node-host' || modeOf(person) === 'node') return 'node'
  return modeOf(person) === 'cli' ? 'own' : 'any'
}

const isLikely = (person: Person, socket: Connection): boolean => {
  const [process, wanted] = [kindOfProcess(socket.owner?.process ?? null), kindOfPerson(person)]
  if (process === 'any' || process === 'proxy' || process === wanted) return true
  return process === 'own' ? wanted === 'any' || wanted === 'node' : process === 'node' && wanted === 'any'
}

const isLocal = ({client, gateway}: Connection): boolean => isLoopback(client.host) || client.host === gateway.host

/** Whoever comes through a proxy on this host has a local connection and another address. */
const isFrom = (person: Person, socket: Connection): boolean => {
  const from = person.attempt ? addressOf(person.attempt) : (person.known?.presence.ip ?? null)
  if (from === null || isLoopback(from)) return isLocal(socket)
  return socket.client.host === from || (isLocal(socket) && kindOfProcess(socket.owner?.process ?? null) !== 'browser')
}

const helloMs = 2000
const slackMs = 500
const usualMs = 1000

const firstSeen = ({attempt, known}: Person): number => attempt?.at ?? known?.firstSeen ?? 0
const wasThere = ({known}: Person): boolean => known?.wasThere ?? false

/** The connection came between two looks, and shortly before its client was let in. */
const isThen = (person: Person, {firstSeen: seenAt, notYetAt}: Connection): boolean =>
  (wasThere(person) || notYetAt === null || seenAt >= firstSeen(person) - helloMs) &&
  (notYetAt ?? 0) <= firstSeen(person) + slackMs

const mayBe = (person: Person, socket: Connection): boolean =>
  isFrom(person, socket) && isThen(person, socket) && isLikely(person, socket)

const isSpecific = (person: Person, socket: Connection): boolean =>
  kindOfPerson(person) !== 'any' && kindOfProcess(socket.owner?.process ?? null) === kindOfPerson(person)

const distance = (person: Person, socket: Connection): number =>
  Math.abs(socket.firstSeen - firstSeen(person)) - (isSpecific(person, socket) ? 1e9 : 0)

/** Few take longer than a moment from their connection to their hello. */
const closest = (person: Person, sockets: readonly Connection[]): readonly Connection[] => {
  const atOnce = sockets.filter(socket => socket.firstSeen >= firstSeen(person) - usualMs)
  return atOnce.length > 0 && !wasThere(person) ? atOnce : sockets
}

const candidatesOf = (person: Person, sockets: readonly Connection[]): Connection[] => {
  const all = sockets.filter(socket => mayBe(person, socket))
  const special = all.filter(socket => isSpecific(person, socket))
  return closest(person, special.length > 0 ? special : all).toSorted((a, b) => distance(person, a) - distance(person, b))
}

const isOneProcess = ([first, ...rest]: readonly Connection[]): boolean =>
  first?.owner?.pid != null && rest.every(({owner}) => owner?.pid === first.owner?.pid)

type Choice = {person: Person; candidates: Connection[]}

const sureOf = ({candidates}: Choice, all: readonly Choice[]): Person['sure'] => {
  const [only] = candidates
  const isAlone = candidates.length === 1 && all.filter(other => only && other.candidates.includes(only)).length === 1
  if (isAlone) return 'connection'
  return isOneProcess(candidates) ? 'process' : 'nothing'
}

/** Whoever came after the last look has no connection yet that is known. */
const isIn = (person: Person, lookedAt: number): boolean => firstSeen(person) <= lookedAt

/**
 * Gives each person a connection that may be theirs, so that nobody is counted twice. Where several may be, it is left open which one
 * it is, unless one process holds them all.
 */
export const paired = (
  persons: readonly Person[],
  sockets: readonly Connection[],
  lookedAt: number,
): {persons: Person[]; left: Connection[]} => {
  const choices = persons
    .map(person => ({person, candidates: isIn(person, lookedAt) ? candidatesOf(person, sockets) : []}))
    .toSorted((a, b) => a.candidates.length - b.candidates.length)
  const free = new Set(sockets)
  const found = choices.map(choice => {
    const socket = choice.candidates.find(one => free.has(one))
    if (socket === undefined) return choice.person
    free.delete(socket)
    return {...choice.person, socket, sure: sureOf(choice, choices)}
  })
  return {persons: found, left: [...free]}
}
