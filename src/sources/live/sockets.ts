import {type Connection, type Owner, plainEndpoint, type SocketTable} from '../../domain/live/socket.ts'
import {listed} from '../../gateway/service/socket-table.ts'
import {socketReader} from './sockets-mac.ts'
import type {SocketReader, SocketReading} from './sockets-read.ts'

type Budget = {
  spend: (ms: number) => void
  /** How long to wait until there is anything left to spend. */
  wait: () => number
}

const savedMs = 15_000

/** A part of one core, that can be saved up for a while. */
const createCpuBudget = (share: number): Budget => {
  const max = share * savedMs
  let left = max
  let at = performance.now()
  const earn = (): void => {
    const now = performance.now()
    left = Math.min(max, left + (now - at) * share)
    at = now
  }
  return {
    spend: ms => {
      earn()
      left -= ms
    },
    wait: () => {
      earn()
      return Math.max(0, -left / share)
    },
  }
}

const maxOwners = 500

type Seen = Pick<Connection, 'firstSeen' | 'notYetAt'>

/** Since when each connection is there, and whose those were that are gone. */
const createSocketHistory = (port: number) => {
  const seen = new Map<string, Seen>()
  const owners = new Map<string, Owner>()
  let lastAt: number | null = null

  const follow = (endpoints: ReadonlySet<string>, at: number): void => {
    for (const endpoint of seen.keys()) if (!endpoints.has(endpoint)) seen.delete(endpoint)
    for (const endpoint of endpoints) if (!seen.has(endpoint)) seen.set(endpoint, {firstSeen: at, notYetAt: lastAt})
    lastAt = at
  }
  const remember = (connections: readonly Connection[]): void => {
    for (const {endpoint, owner} of connections) if (owner?.pid) owners.set(endpoint, owner)
    for (const endpoint of owners.keys()) {
      if (owners.size <= maxOwners) return
      owners.delete(endpoint)
    }
  }
  return {
    tableOf: (reading: SocketReading, at: number, tookMs: number): SocketTable => {
      if ('problem' in reading) return {problem: reading.problem, at, port, connections: [], listeners: [], tookMs}
      const {connections, listeners} = listed(reading.ends, port)
      follow(new Set(connections.map(({endpoint}) => endpoint)), at)
      const dated = connections.map(one => ({...one, ...(seen.get(one.endpoint) ?? {firstSeen: at, notYetAt: null})}))
      remember(dated)
      return {problem: null, at, port, connections: dated, listeners, tookMs}
    },
    ownerOf: (endpoint: string): Owner | null => owners.get(plainEndpoint(endpoint)) ?? null,
  }
}

type SocketsOptions = {
  port: number
  onChange: (table: SocketTable) => void
  everyMs?: number
  /** The part of one core that looking may take; what is done with it takes a little more. */
  share?: number
  reader?: SocketReader | null
}

export type Sockets = {
  close: () => void
  /** Somebody came or went: look as soon as the share allows, and say so even if nothing has changed. */
  nudge: () => void
  /** A storm without a name: look as often as the share allows, for a while. */
  closely: (forMs: number) => void
  /** Who held this connection, also when it is over by now. */
  ownerOf: (endpoint: string) => Owner | null
}

const minMs = 100

const gist = ({problem, connections, listeners}: SocketTable): string =>
  JSON.stringify([problem, connections.map(({endpoint, open, owner}) => [endpoint, open, owner]), listeners])

const unsupported: SocketReading = {problem: 'not told on this system'}

/** Who holds a connection to the port, told when it changes. What a look costs decides how soon the next may be. */
export const watchSockets = (options: SocketsOptions): Sockets => {
  const {port, onChange, everyMs = 1000, share = 0.0075, reader = socketReader(process.platform)} = options
  const history = createSocketHistory(port)
  const budget = createCpuBudget(share)
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let closeUntil = 0
  let isLooking = false
  let isSubscribed = false
  let isClosed = false
  let last: string | null = null

  /** Never later than planned before: in a storm of nudges the first one counts. */
  const plan = (): void => {
    const now = performance.now()
    const isSoon = isSubscribed || now < closeUntil
    const at = now + Math.max(budget.wait(), isSoon ? minMs : everyMs)
    if (isClosed || isLooking || at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(look, at - now)
  }
  const tell = (table: SocketTable, isAsked: boolean): void => {
    const current = gist(table)
    if (isAsked || current !== last) onChange(table)
    last = current
  }
  const look = async (): Promise<void> => {
    if (reader === null) return
    const isAsked = isSubscribed
    isLooking = true
    isSubscribed = false
    dueAt = Number.POSITIVE_INFINITY
    const began = Date.now()
    const from = performance.now()
    const reading = await reader(port).catch((error: Error): SocketReading => ({problem: error.message}))
    const tookMs = performance.now() - from
    isLooking = false
    budget.spend(Math.min(tookMs, ('ends' in reading ? reading.costMs : undefined) ?? tookMs))
    if (isClosed) return
    tell(history.tableOf(reading, began, tookMs), isAsked)
    plan()
  }
  const nudge = (): void => {
    isSubscribed = true
    plan()
  }

  if (reader === null) onChange(history.tableOf(unsupported, Date.now(), 0))
  else void look()
  return {
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
    nudge,
    closely: forMs => {
      closeUntil = performance.now() + forMs
      plan()
    },
    ownerOf: history.ownerOf,
  }
}
