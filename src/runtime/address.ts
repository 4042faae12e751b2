import {defaultPort} from '../gateway/config.ts'
import type {GatewayContext} from './context.ts'
import type {Options} from './options.ts'

/** The address in `--url`, if there is one. Behind TLS the usual port is that of the web. */
export const namedAddress = (options: Pick<Options, 'url'>): {host: string; port: number} | null => {
  const url = URL.parse(options.url ?? '')
  if (url === null) return null
  const usual = /^(?:wss|https):$/.test(url.protocol) ? 443 : defaultPort
  return {host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usual}
}

/** The URL of the selected gateway. */
export const gatewayAddress = ({options, config}: Pick<GatewayContext, 'options' | 'config'>): {host: string; port: number} =>
  namedAddress(options) ?? {host: '127.0.0.1', port: config.port}
