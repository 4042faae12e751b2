import {connectedNow} from '../../app/connected.ts'
import {everyOpen} from '../../domain/attempts/clients.ts'
import {dayMs} from '../../domain/durations.ts'
import {noLive, whoIsIn} from '../../domain/live/live.ts'
import {newLiveNow} from '../../domain/live/live-now.ts'
import type {SocketTable} from '../../domain/live/live-socket.ts'
import {watchSockets} from '../../sources/live/sockets.ts'
import type {Given} from '../flags.ts'
import {lookOnce} from './known.ts'

const patienceMs = 2000

/** One look at who holds a connection to the port; null where the system does not tell. */
const tableNow = (port: number): Promise<SocketTable | null> =>
  new Promise(resolve => {
    const end = (table: SocketTable | null): void => {
      clearTimeout(timer)
      watch.close()
      resolve(table?.problem === null ? table : null)
    }
    const timer = setTimeout(() => end(null), patienceMs)
    const watch = watchSockets({port, onChange: end})
  })

/** Who is in now, as the system and the log tell. That the log cannot be read is no reason to keep an old token. */
export const clientsNow = async (given: Given, port: number | null): Promise<string[]> => {
  try {
    const [{world, now}, table] = await Promise.all([lookOnce(given, dayMs), port === null ? null : tableNow(port)])
    const ownPid = process.pid
    const open = everyOpen(world.clients)
    const {visitors} = whoIsIn(noLive, {observed: null, table, open, recent: world.recent, ownPid, at: now})
    return connectedNow({world, live: {...newLiveNow(ownPid), table, visitors}})
  } catch {
    return ['the log could not be read, so nobody knows who']
  }
}
