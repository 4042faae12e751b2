import type {Owner, SocketTable} from '../../domain/live/live-socket.ts'
import {socketReader} from './socket-reader.ts'
import {newBudget} from './sockets-budget.ts'
import {socketMemory} from './sockets-memory.ts'
import type {Reading, SocketReader} from './sockets-read.ts'

export type SocketsOptions = {
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

const leastMs = 100

const gist = ({problem, connections, listeners}: SocketTable): string =>
  JSON.stringify([problem, connections.map(({endpoint, open, owner}) => [endpoint, open, owner]), listeners])

const untold: Reading = {problem: 'not told on this system'}

/** Who holds a connection to the port, told when it changes. What a look costs decides how soon the next may be. */
export const watchSockets = (options: SocketsOptions): Sockets => {
  const {port, onChange, everyMs = 1000, share = 0.0075, reader = socketReader(process.platform)} = options
  const memory = socketMemory(port)
  const budget = newBudget(share)
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let closeUntil = 0
  let isLooking = false
  let isWanted = false
  let isClosed = false
  let last: string | null = null

  /** Never later than planned before: in a storm of nudges the first one counts. */
  const plan = (): void => {
    const now = performance.now()
    const isSoon = isWanted || now < closeUntil
    const at = now + Math.max(budget.wait(), isSoon ? leastMs : everyMs)
    if (isClosed || isLooking || at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(look, at - now)
  }
  const tell = (table: SocketTable, isAsked: boolean): void => {
    const told = gist(table)
    if (isAsked || told !== last) onChange(table)
    last = told
  }
  const look = async (): Promise<void> => {
    if (reader === null) return
    const isAsked = isWanted
    isLooking = true
    isWanted = false
    dueAt = Number.POSITIVE_INFINITY
    const began = Date.now()
    const from = performance.now()
    const reading = await reader(port).catch((error: Error): Reading => ({problem: error.message}))
    const tookMs = performance.now() - from
    isLooking = false
    budget.spend(Math.min(tookMs, ('ends' in reading ? reading.costMs : undefined) ?? tookMs))
    if (isClosed) return
    tell(memory.tableOf(reading, began, tookMs), isAsked)
    plan()
  }
  const nudge = (): void => {
    isWanted = true
    plan()
  }

  if (reader === null) onChange(memory.tableOf(untold, Date.now(), 0))
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
    ownerOf: memory.ownerOf,
  }
}
