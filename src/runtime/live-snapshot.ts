import type {ListenerVerdict} from '../domain/live/listener.ts'
import {createLiveNow, type LiveNow, refreshLive} from '../domain/live/live-state.ts'
import type {Observed} from '../domain/live/observed.ts'
import type {SocketTable} from '../domain/live/socket.ts'
import type {ServiceFacts} from '../domain/service/service.ts'
import {proveGateway} from '../sources/live/gateway-proof.ts'
import {observe} from '../sources/live/observer.ts'
import {watchSockets} from '../sources/live/sockets.ts'
import {readService} from '../sources/service/service.ts'
import type {GatewayContext} from './context.ts'
import {type GatewayTarget, resolveTarget} from './gateway-target.ts'
import {expectedToken} from './gateway-token.ts'
import {copyLocationsOf} from './live-options.ts'
import type {Snapshot} from './snapshot.ts'
import type {SharedReads} from './token-and-login-status.ts'
import {version} from './version.ts'

/** Long enough for a gateway that is not busy; who must know waits longer. */
const observeMs = 600
/** The tools of macOS may take seconds; elsewhere the answer is there at once. */
const toolsMs = 9000

/** A snapshot of the gateway, its connections and its service. */
export type LiveSnapshot = {live: LiveNow; service: {facts: ServiceFacts; before: null} | null}

const isAnswer = ({state}: Observed): boolean => state !== 'connecting' && state !== 'off'

const observedOnce = (target: GatewayTarget, copies: SharedReads['copies'], timeoutMs: number): Promise<Observed | null> =>
  new Promise(resolve => {
    let last: Observed | null = null
    const end = (): void => {
      clearTimeout(timer)
      observer.close()
      resolve(last)
    }
    const timer = setTimeout(end, timeoutMs)
    const observer = observe({
      url: target.url,
      fingerprint: target.fingerprint,
      gateway: target.address,
      release: target.release,
      version,
      token: async () => expectedToken(target, await copies()),
      onChange: observed => {
        last = observed
        if (isAnswer(observed)) end()
      },
    })
  })

/** Who says nothing for so long is not judged; nothing secret is sent to it either. */
const evaluatedOnce = ({address}: GatewayTarget): Promise<ListenerVerdict | null> =>
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

const serviceOnce = ({gateway, address, stateDir, configFile, port, isLocal}: GatewayTarget): Promise<ServiceFacts | null> =>
  isLocal && port !== null
    ? readService({overrides: gateway.overrides, hostEnv: gateway.hostEnv, stateDir, configFile, port, address}).catch(() => null)
    : Promise.resolve(null)

/** Nothing is probed for historical logs, or where only logs were given. */
export const takeLiveSnapshot = async (
  context: GatewayContext,
  {copies, forMs = observeMs}: Pick<SharedReads, 'copies'> & {forMs?: number},
): Promise<LiveSnapshot | null> => {
  const target = context.options.now === null ? resolveTarget(context, copyLocationsOf(context)) : null
  if (target === null) return null
  const [observed, table, service, listener] = await Promise.all([
    observedOnce(target, copies, forMs),
    tableOnce(target.port),
    serviceOnce(target),
    evaluatedOnce(target),
  ])
  return {live: {...createLiveNow(process.pid), observed, table, listener}, service: service && {facts: service, before: null}}
}

/** Adds the connected clients, from the live sources and the log. */
export const withClients = (
  live: LiveSnapshot,
  {world, now, reach}: Pick<Snapshot, 'world' | 'now' | 'reach'>,
): LiveSnapshot => ({
  ...live,
  live: refreshLive({...live.live, isAnswering: reach.state === 'up'}, world, now),
})
