import type {Store} from '../../app/store.ts'
import {isSeenListening} from '../../domain/live/gateway-now.ts'
import {readListeners} from '../../sources/live/listener-read.ts'
import {type GatewayContext, resolveContext} from '../context.ts'
import {type GatewayTarget, resolveTarget} from '../gateway-target.ts'
import {copyLocationsOf} from '../live-options.ts'

export type MoveFeed = {look: () => void; end: () => void}

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
export const moveFeed = (
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
  const timer = setInterval(() => {
    if (!isSeenListening(store.state().live)) look()
  }, everyMs)
  return {
    look,
    end: () => {
      isEnded = true
      clearInterval(timer)
    },
  }
}
