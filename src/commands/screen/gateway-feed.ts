import type {Store} from '../../app/store.ts'
import {isSeenListening} from '../../domain/live/gateway-now.ts'
import {ownPortIn} from '../../domain/world/ports.ts'
import type {Given} from '../flags.ts'
import {type Ears, openEars} from '../known/ears.ts'
import type {Heeded} from '../known/heeded.ts'
import {moveFeed} from './move-feed.ts'

export type GatewayFeed = Ears & {
  /** The gateway that is listened to, at the address where it is now. */
  now: () => Heeded
  /** It may be at another address. */
  look: () => void
  /** The port whose sockets alone count, where these ports are all in the log; null where all count. */
  ownPort: (ports: ReadonlySet<number>) => number | null
}

/** Listens to the gateway, and goes with it where it comes back at another address: there everything is asked and proven anew. */
export const gatewayFeed = (given: Given, heeded: Heeded, store: Store, onMoved: () => void): GatewayFeed => {
  let current = heeded
  let ears = openEars(heeded, store)
  /** Ports at which the gateway was while the screen was open: their sockets are no other gateway's. */
  const formerPorts = new Set<number | null>()
  const move = moveFeed(given, heeded, store, to => {
    formerPorts.add(current.port)
    formerPorts.delete(to.port)
    current = to
    ears.end()
    store.dispatch({type: 'gateway-moved', url: to.url, port: to.port})
    ears = openEars(to, store)
    onMoved()
  })
  return {
    now: () => current,
    look: () => move?.look(),
    ownPort: ports =>
      ownPortIn(new Set([...ports].filter(port => !formerPorts.has(port))), current.port, isSeenListening(store.state().live)),
    heard: lines => ears.heard(lines),
    retryNow: () => ears.retryNow(),
    end: () => {
      move?.end()
      ears.end()
    },
  }
}
