import type {Store} from '../../app/store.ts'
import {isLoopback} from '../../domain/address.ts'
import {type Attempt, addressOf, isFailed} from '../../domain/attempts/attempt.ts'
import type {Client} from '../../domain/attempts/client.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import type {Observed} from '../../domain/live/observed.ts'
import type {SocketTable} from '../../domain/live/socket.ts'
import {clientOfAttempt, type World} from '../../domain/world/world.ts'
import {watchListener} from '../../sources/live/listener-watch.ts'
import {type Observer, observe} from '../../sources/live/observer.ts'
import {type Sockets, watchSockets} from '../../sources/live/sockets.ts'
import type {GatewayTarget} from '../gateway-target.ts'
import {tokenKeeper} from '../gateway-token.ts'
import {version} from '../version.ts'

export type LiveWatcher = {onLines: (lines: readonly LogLine[]) => void; retryNow: () => void; end: () => void}

const closeMs = 10_000

const isOfConnection = ({event}: LogLine): boolean => event !== null && 'facts' in event
const welcomes: readonly string[] = ['gateway-listening', 'gateway-ready', 'config-applied']
const mayAdmitUs = ({event}: LogLine): boolean => event !== null && welcomes.includes(event.kind)

const maxRecentAttempts = 60

/** The latest refused connections from this host, with their clients. */
const refusedHere = (world: World): [Attempt, Client][] =>
  world.recent.slice(-maxRecentAttempts).flatMap(attempt => {
    const client = isFailed(attempt) && isLoopback(addressOf(attempt)) ? clientOfAttempt(world, attempt) : undefined
    return client ? [[attempt, client]] : []
  })

/** Live sources besides the log: the gateway itself, and the sockets of its port if it runs on this host. */
export const watchLive = (target: GatewayTarget, store: Store): LiveWatcher => {
  const {url, fingerprint, release, port, address} = target
  let observed: Observed | null = null
  let listening = ''
  let sockets: Sockets | null = null
  let observer: Observer | null = null

  const nameProcesses = (): void => {
    const {world, now} = store.state()
    for (const [{endpoint, at}, client] of refusedHere(world)) {
      const processInfo = store.state().live?.processes.get(client.key)
      const owner = endpoint === null ? null : (sockets?.ownerOf(endpoint) ?? null)
      if (owner && owner.pid !== processInfo?.pid)
        store.dispatchSoon({type: 'process-named', client: client.key, owner: {...owner, since: at}})
      else if (!processInfo && stormOf(client, now)) sockets?.closely(closeMs)
    }
  }
  const onTable = (table: SocketTable): void => {
    const found = JSON.stringify(table.listeners)
    if (table.listeners.length > 0 && found !== listening) observer?.retryNow()
    if (found !== listening) {
      // Nobody listens any more: what was proven of the one before says nothing until it is judged again.
      if (table.problem === null && table.listeners.length === 0) store.dispatchSoon({type: 'listener-judged', verdict: null})
      listener.look()
    }
    listening = found
    store.dispatchSoon({type: 'sockets-read', table})
    nameProcesses()
  }
  const onChange = (now: Observed): void => {
    if (now.presence !== observed?.presence || now.state !== observed?.state) sockets?.nudge()
    if (now.state !== observed?.state && (now.state === 'gone' || now.state === 'not-yet')) listener.look()
    observed = now
    store.dispatchSoon({type: 'observed', observed: now, at: Date.now()})
  }
  const listener = watchListener(address, verdict => store.dispatchSoon({type: 'listener-judged', verdict}))
  sockets = port === null ? null : watchSockets({port, onChange: onTable})
  observer = observe({url, fingerprint, gateway: address, release, version, token: tokenKeeper(target), onChange})
  if (port === null) listener.look()
  return {
    onLines: lines => {
      if (lines.some(isOfConnection)) {
        sockets?.nudge()
        nameProcesses()
      }
      if (lines.some(mayAdmitUs)) observer?.retryNow()
    },
    retryNow: () => observer?.retryNow(),
    end: () => {
      listener.close()
      observer?.close()
      sockets?.close()
    },
  }
}
