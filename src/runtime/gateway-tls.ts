import {isLoopbackName} from '../domain/live/gateway-names.ts'
import type {TokenSetup} from '../domain/token/copy.ts'
import {certFileOf, type Tls} from '../gateway/tls.ts'
import type {GatewayContext} from './context.ts'

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
