import type {ListenerVerdict} from '../../domain/live/listener.ts'
import type {Observed} from '../../domain/live/live-gateway.ts'
import {type LiveNow, lookedAround, newLiveNow} from '../../domain/live/live-now.ts'
import type {SocketTable} from '../../domain/live/live-socket.ts'
import type {ServiceFacts} from '../../domain/service/service.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import {observe} from '../../sources/live/observer.ts'
import {watchSockets} from '../../sources/live/sockets.ts'
import {readService} from '../../sources/service/service.ts'
import type {Given} from '../flags.ts'
import {copiesOf} from '../screen/live-options.ts'
import {version} from '../version.ts'
import {tokenKeeper} from './gateway-token.ts'
import {type Heeded, heededIn} from './heeded.ts'
import type {Looked} from './known.ts'
import type {Where} from './where.ts'

const patienceMs = 600
/** The tools of macOS may take seconds; elsewhere the answer is there at once. */
const toolsMs = 9000

/** What one look at the gateway itself, its connections and its service tells. */
type Heard = {live: LiveNow; service: {facts: ServiceFacts; before: null} | null}

const isAnswer = ({state}: Observed): boolean => state !== 'connecting' && state !== 'off'

const observedOnce = (heeded: Heeded): Promise<Observed | null> =>
  new Promise(resolve => {
    let last: Observed | null = null
    const end = (): void => {
      clearTimeout(timer)
      observer.close()
      resolve(last)
    }
    const timer = setTimeout(end, patienceMs)
    const observer = observe({
      url: heeded.url,
      fingerprint: heeded.fingerprint,
      gateway: heeded.address,
      release: heeded.release,
      version,
      token: tokenKeeper(heeded),
      onChange: observed => {
        last = observed
        if (isAnswer(observed)) end()
      },
    })
  })

/** Who says nothing for so long is not judged; nothing secret is sent to it either. */
const judgedOnce = ({address}: Heeded): Promise<ListenerVerdict | null> =>
  Promise.race([
    proveGateway(address).then(({verdict}) => verdict),
    new Promise<null>(resolve => void setTimeout(resolve, toolsMs, null).unref()),
  ])

const tableOnce = (port: number | null): Promise<SocketTable | null> =>
  new Promise(resolve => {
    if (port === null) return resolve(null)
    const end = (table: SocketTable | null): void => {
      clearTimeout(timer)
      sockets.close()
      resolve(table)
    }
    const timer = setTimeout(() => end(null), toolsMs)
    const sockets = watchSockets({port, onChange: table => setImmediate(end, table)})
  })

const serviceOnce = ({gateway, address, stateDir, configFile, port, isLocal}: Heeded): Promise<ServiceFacts | null> =>
  isLocal && port !== null
    ? readService({wanted: gateway.wanted, around: gateway.around, stateDir, configFile, port, address}).catch(() => null)
    : Promise.resolve(null)

/** Of past logs, and where only logs were named, nothing is asked. */
export const listenOnce = async (given: Given, where: Where): Promise<Heard | null> => {
  const heeded = given.text('now') === null ? heededIn(given, where, copiesOf(where)) : null
  if (heeded === null) return null
  const [observed, table, service, listener] = await Promise.all([
    observedOnce(heeded),
    tableOnce(heeded.port),
    serviceOnce(heeded),
    judgedOnce(heeded),
  ])
  return {live: {...newLiveNow(process.pid), observed, table, listener}, service: service && {facts: service, before: null}}
}

/** Who is in, by all that was heard in that look and by the log. */
export const lookedIn = (heard: Heard, {world, now, reach}: Pick<Looked, 'world' | 'now' | 'reach'>): Heard => ({
  ...heard,
  live: lookedAround({...heard.live, isAnswering: reach.state === 'up'}, world, now),
})
