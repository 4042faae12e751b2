import {bareHost, isLoopback} from '../domain/address.ts'
import {defaultPort} from '../gateway/config.ts'
import type {GatewayAddress} from '../sources/live/gateway-proof.ts'
import type {CopyLocations} from '../sources/token/places.ts'
import {askedAddress} from './asked-address.ts'
import type {GatewayContext} from './context.ts'

/** The gateway to observe. */
export type GatewayTarget = {
  /** Where its token is found. */
  gateway: CopyLocations
  configFile: string
  stateDir: string
  url: string
  /** The same gateway as it is asked over HTTP. */
  address: GatewayAddress
  isLocal: boolean
  /** Of the certificate that it must show. */
  fingerprint: string | null
  release: string | null
  /** Where it listens on this host. */
  port: number | null
}

/** The gateway given by flags, otherwise the one on this host; none where only logs were given. */
export const resolveTarget = (context: GatewayContext, gateway: CopyLocations): GatewayTarget | null => {
  const {options, configFile, stateDir, release, config, remote} = context
  const {url: text, logs} = options
  const common = {
    gateway,
    configFile,
    stateDir,
    release,
    fingerprint: null,
    address: askedAddress(context, {tls: config.hasTls, certPath: config.certPath}),
  }
  if (remote)
    return {
      ...common,
      address: {...common.address, isMeant: true},
      release: null,
      url: remote.url,
      fingerprint: remote.fingerprint,
      isLocal: false,
      port: null,
    }
  if (text === null) {
    const {port, hasTls} = config
    const url = `${hasTls ? 'wss' : 'ws'}://127.0.0.1:${port}`
    return logs.length > 0 ? null : {...common, url, address: {...common.address, port}, isLocal: true, port}
  }
  const url = URL.parse(text)
  if (url === null) return {...common, url: text, isLocal: false, port: null}
  if (url.port === '' && url.protocol === 'ws:') url.port = String(defaultPort)
  const isLocal = isLoopback(bareHost(url.hostname))
  return {
    ...common,
    address: {...common.address, isMeant: !isLocal},
    url: url.href,
    isLocal,
    port: isLocal ? Number(url.port) || null : null,
  }
}
