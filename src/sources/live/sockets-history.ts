import {type Connection, type Owner, plainEndpoint, type SocketTable} from '../../domain/live/socket.ts'
import {listed} from '../../gateway/service/socket-table.ts'
import type {SocketReading} from './sockets-read.ts'

const maxOwners = 500

type Seen = Pick<Connection, 'firstSeen' | 'notYetAt'>

/** Since when each connection is there, and whose those were that are gone. */
export const createSocketHistory = (port: number) => {
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
