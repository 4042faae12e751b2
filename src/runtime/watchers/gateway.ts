import type {Store} from '../../app/store.ts'
import {isSeenListening} from '../../domain/live/gateway-now.ts'
import {ownPortIn} from '../../domain/world/whose-log.ts'
import type {GatewayContext} from '../context.ts'
import type {GatewayTarget} from '../gateway-target.ts'
import {type LiveWatcher, watchLive} from './live-watcher.ts'
import {moveFeed} from './moves.ts'

export type GatewayFeed = LiveWatcher & {
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
