import {connectedNow} from '../../app/connected.ts'
import {everyOpen} from '../../domain/attempts/clients.ts'
import {dayMs} from '../../domain/durations.ts'
import {createLiveMemory, findConnectedClients} from '../../domain/live/live.ts'
import {createLiveNow} from '../../domain/live/live-now.ts'
import type {SocketTable} from '../../domain/live/live-socket.ts'
import {watchSockets} from '../../sources/live/sockets.ts'
import type {Args} from '../flags.ts'
import {takeSnapshot} from './known.ts'

const timeoutMs = 2000

/** One look at who holds a connection to the port; null where the system does not tell. */
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

/** Who is in now, as the system and the log tell. That the log cannot be read is no reason to keep an old token. */
export const clientsNow = async (args: Args, port: number | null): Promise<string[]> => {
  try {
    const [{world, now}, table] = await Promise.all([takeSnapshot(args, dayMs), port === null ? null : tableNow(port)])
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
    return ['the log could not be read, so nobody knows who']
  }
}
