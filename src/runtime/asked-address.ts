import type {TokenSetup} from '../domain/token/copy.ts'
import type {GatewayAddress} from '../sources/live/gateway-proof.ts'
import {gatewayAddress, namedAddress} from './address.ts'
import type {GatewayContext} from './context.ts'
import {tlsOf} from './gateway-tls.ts'
import {version} from './version.ts'

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
