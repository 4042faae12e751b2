import type {Store} from '../../app/store.ts'
import {isLoopback} from '../../domain/address.ts'
import {type Attempt, addressOf, isFailed} from '../../domain/attempts/attempt.ts'
import type {Client} from '../../domain/attempts/client.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import {isSeenListening} from '../../domain/live/gateway-now.ts'
import type {Observed} from '../../domain/live/observed.ts'
import type {SocketTable} from '../../domain/live/socket.ts'
import {ownPortIn} from '../../domain/world/whose-log.ts'
import {clientOfAttempt, type World} from '../../domain/world/world.ts'
import {every} from '../../sources/every.ts'
import {readListeners} from '../../sources/live/listener-read.ts'
import {watchListener} from '../../sources/live/listener-watch.ts'
import {type Observer, observe} from '../../sources/live/observer.ts'
import {type Sockets, watchSockets} from '../../sources/live/sockets.ts'
import {type GatewayContext, resolveContext} from '../context.ts'
import {type GatewayTarget, resolveTarget} from '../gateway-target.ts'
import {tokenKeeper} from '../gateway-token.ts'
import {copyLocationsOf} from '../live-options.ts'
import {version} from '../version.ts'

type LiveWatcher = {onLines: (lines: readonly LogLine[]) => void; retryNow: () => void; end: () => void}

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
const watchLive = (target: GatewayTarget, store: Store): LiveWatcher => {
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

type MoveFeed = {look: () => void; end: () => void}

const everyMs = 2000

/** What cannot be seen may listen. */
const mayListen = async (port: number): Promise<boolean> => {
  const seen = await readListeners(port)
  return 'because' in seen || seen.listeners.length > 0
}

/**
 * Notices that the gateway came back at another address, by what its process, its service and its config say now. While the old port is
 * listened on only its own process can say so, and a config that was edited counts once something listens where it says.
 * An address that the operator named stays.
 */
const moveFeed = (
  {options}: GatewayContext,
  target: GatewayTarget,
  store: Store,
  onMove: (to: GatewayTarget) => void,
): MoveFeed | null => {
  if (!target.isLocal || options.url !== null || store.state().kind !== 'live') return null
  let current = target
  let isLooking = false
  let isEnded = false
  const find = async (): Promise<void> => {
    const context = resolveContext(options)
    const found = resolveTarget(context, copyLocationsOf(context))
    if (context.problem || found?.port == null || !found.isLocal || found.url === current.url) return
    if (context.portBy !== 'process' && isSeenListening(store.state().live)) return
    if (!(await mayListen(found.port)) || isEnded) return
    current = found
    onMove(found)
  }
  const look = (): void => {
    if (isLooking || isEnded) return
    isLooking = true
    find()
      .catch(() => {})
      .finally(() => {
        isLooking = false
      })
  }
  const stop = every(everyMs, () => {
    if (!isSeenListening(store.state().live)) look()
  })
  return {
    look,
    end: () => {
      isEnded = true
      stop()
    },
  }
}

type GatewayFeed = LiveWatcher & {
  /** The gateway that is listened to, at the address where it is now. */
  now: () => GatewayTarget
  /** It may be at another address. */
  look: () => void
  /** The port whose sockets alone count, where these ports are all in the log; null where all count. */
  ownPort: (ports: ReadonlySet<number>) => number | null
}

/** Listens to the gateway, and goes with it where it comes back at another address: there everything is asked and proven again. */
export const gatewayFeed = (context: GatewayContext, target: GatewayTarget, store: Store, onMoved: () => void): GatewayFeed => {
  let current = target
  let liveWatcher = watchLive(target, store)
  /** Ports at which the gateway was while the screen was open: their sockets are no other gateway's. */
  const formerPorts = new Set<number | null>()
  const move = moveFeed(context, target, store, to => {
    formerPorts.add(current.port)
    formerPorts.delete(to.port)
    current = to
    liveWatcher.end()
    store.dispatch({type: 'gateway-moved', url: to.url, port: to.port})
    liveWatcher = watchLive(to, store)
    onMoved()
  })
  return {
    now: () => current,
    look: () => move?.look(),
    ownPort: ports =>
      ownPortIn(new Set([...ports].filter(port => !formerPorts.has(port))), current.port, isSeenListening(store.state().live)),
    onLines: lines => liveWatcher.onLines(lines),
    retryNow: () => liveWatcher.retryNow(),
    end: () => {
      move?.end()
      liveWatcher.end()
    },
  }
}
