import {connectedNow} from '../app/connected.ts'
import {everyOpen} from '../domain/attempts/clients.ts'
import {dayMs} from '../domain/durations.ts'
import {createLiveMemory, findConnectedClients} from '../domain/live/live.ts'
import {createLiveNow} from '../domain/live/live-state.ts'
import type {SocketTable} from '../domain/live/socket.ts'
import {watchSockets} from '../sources/live/sockets.ts'
import type {GatewayContext} from './context.ts'
import {takeSnapshot} from './snapshot.ts'

const timeoutMs = 2000

/** A snapshot of the connections to the port; null where the system does not list them. */
const tableNow = (port: number): Promise<SocketTable | null> =>
  new Promise(resolve => {
    const end = (table: SocketTable | null): void => {
      clearTimeout(timer)
      watch.close()
      resolve(table?.problem === null ? table : null)
    }
    const timer = setTimeout(() => end(null), timeoutMs)
    const watch = watchSockets({port, onChange: end})
  })

/** The connected clients, from the sockets and the log. An unreadable log does not block a rotation. */
export const clientsNow = async (context: GatewayContext, port: number | null): Promise<string[]> => {
  try {
    const [{world, now}, table] = await Promise.all([takeSnapshot(context, dayMs), port === null ? null : tableNow(port)])
    const ownPid = process.pid
    const open = everyOpen(world.clients)
    const {connectedClients} = findConnectedClients(createLiveMemory, {
      observed: null,
      table,
      open,
      recent: world.recent,
      ownPid,
      at: now,
    })
    return connectedNow({world, live: {...createLiveNow(ownPid), table, connectedClients: connectedClients}})
  } catch {
    return ['the log could not be read, so who is connected is unknown']
  }
}
