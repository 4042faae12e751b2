import {gatewayStatusOf} from '../../app/gateway-status-words.ts'
import type {Store} from '../../app/store.ts'
import {readService} from '../../sources/service/service.ts'
import type {GatewayTarget} from '../gateway-target.ts'

const lookMs = 5000
const everyMs = 300_000
const unhealthy: readonly string[] = ['stopped', 'killed', 'starting', 'restarting', 'unreachable']

/** Asks the service manager now and then, and each time the gateway fares otherwise: a service that loops is seen between two looks. */
export const serviceFeed = (target: () => GatewayTarget, store: Store): {end: () => void} => {
  let readAt = Number.NEGATIVE_INFINITY
  let before = ''
  let isEnded = false
  const read = async (): Promise<void> => {
    readAt = performance.now()
    const asked = target()
    const {gateway, address, stateDir, configFile, port} = asked
    const {overrides, hostEnv} = gateway
    const facts = await readService({overrides: overrides, hostEnv, stateDir, configFile, address, port: port ?? 0}).catch(
      () => null,
    )
    if (facts && !isEnded && asked === target()) store.dispatchSoon({type: 'service-read', facts})
  }
  const look = (): void => {
    const {is} = gatewayStatusOf(store.state())
    const isNews = is !== before && before !== ''
    before = is
    if (isNews || unhealthy.includes(is) || performance.now() - readAt >= everyMs) void read()
  }
  const timer = setInterval(look, lookMs)
  void read()
  return {
    end: () => {
      isEnded = true
      clearInterval(timer)
    },
  }
}
