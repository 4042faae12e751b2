import type {TokenSetup} from '../../domain/token/token-copy.ts'
import type {GatewayAddress} from '../../sources/live/gateway-proof.ts'
import type {Given} from '../flags.ts'
import {version} from '../version.ts'
import {gatewayAddress, namedAddress} from './address.ts'
import {tlsOf} from './gateway-tls.ts'
import type {Where} from './where.ts'

/** The gateway that is meant, with all by which it is proven before a secret goes there. */
export const askedAddress = (given: Given, where: Where, setup: Pick<TokenSetup, 'tls' | 'certPath'>): GatewayAddress => {
  const {host, port} = namedAddress(given) ?? where.remote ?? gatewayAddress(given, where)
  return {
    ...{host, port},
    tls: tlsOf(given, where, setup),
    agent: `gatecrab/${version}`,
    ownedBy: [where.configFile, where.stateDir],
  }
}
