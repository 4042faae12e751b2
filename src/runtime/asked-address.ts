import {isLoopbackName} from '../domain/live/gateway-names.ts'
import type {TokenSetup} from '../domain/token/copy.ts'
import {certFileOf, type Tls} from '../gateway/tls.ts'
import type {GatewayAddress} from '../sources/live/gateway-proof.ts'
import {gatewayAddress, namedAddress} from './address.ts'
import type {GatewayContext} from './context.ts'
import {version} from './version.ts'

type Setup = Pick<TokenSetup, 'tls' | 'certPath'>

/** How the gateway that is meant speaks: as `--url` says, else as its config does. Only the gateway of this host has its certificate here. */
export const tlsOf = (
  {options, stateDir, hostEnv, remote}: Pick<GatewayContext, 'options' | 'stateDir' | 'hostEnv' | 'remote'>,
  {tls, certPath}: Setup,
): Tls | null => {
  if (remote) return remote.url.startsWith('wss:') ? {certFile: null, fingerprint: remote.fingerprint} : null
  const own = {certFile: tls ? certFileOf(certPath, stateDir, hostEnv) : null}
  const url = URL.parse(options.url ?? '')
  if (url === null) return tls ? own : null
  if (!/^(?:wss|https):$/.test(url.protocol)) return null
  return isLoopbackName(url.hostname) ? own : {certFile: null}
}

/** The gateway that is meant, with all by which it is proven before a secret goes there. */
export const askedAddress = (context: GatewayContext, setup: Pick<TokenSetup, 'tls' | 'certPath'>): GatewayAddress => {
  const {host, port} = namedAddress(context.options) ?? context.remote ?? gatewayAddress(context)
  return {
    ...{host, port},
    tls: tlsOf(context, setup),
    agent: `gatecrab/${version}`,
    ownedBy: [context.configFile, context.stateDir],
  }
}
