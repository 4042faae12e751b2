import {nowOf} from '../../app/gateway-words.ts'
import type {Store} from '../../app/store.ts'
import {readService} from '../../sources/service/service.ts'
import type {Heeded} from '../known/heeded.ts'

const lookMs = 5000
const everyMs = 300_000
const troubled: readonly string[] = ['stopped', 'killed', 'starting', 'restarting', 'unreachable']

/** Asks the service manager now and then, and each time the gateway fares otherwise: a service that loops is seen between two looks. */
export const serviceFeed = (heeded: () => Heeded, store: Store): {end: () => void} => {
  let readAt = Number.NEGATIVE_INFINITY
  let before = ''
  let isEnded = false
  const read = async (): Promise<void> => {
    readAt = performance.now()
    const asked = heeded()
    const {gateway, address, stateDir, configFile, port} = asked
    const {wanted, around} = gateway
    const facts = await readService({wanted, around, stateDir, configFile, address, port: port ?? 0}).catch(() => null)
    if (facts && !isEnded && asked === heeded()) store.dispatchSoon({type: 'service-read', facts})
  }
  const look = (): void => {
    const {is} = nowOf(store.state())
    const isNews = is !== before && before !== ''
    before = is
    if (isNews || troubled.includes(is) || performance.now() - readAt >= everyMs) void read()
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
