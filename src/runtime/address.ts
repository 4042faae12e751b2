import type {Args} from '../cli/options.ts'
import type {GatewayContext} from './context.ts'

const usualPort = 18789

/** The address in `--url`, if there is one. Behind TLS the usual port is that of the web. */
export const namedAddress = (args: Args): {host: string; port: number} | null => {
  const url = URL.parse(args.value('url') ?? '')
  if (url === null) return null
  const usual = /^(?:wss|https):$/.test(url.protocol) ? 443 : usualPort
  return {host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usual}
}

/** The URL of the selected gateway. */
export const gatewayAddress = (args: Args, {config}: Pick<GatewayContext, 'config'>): {host: string; port: number} =>
  namedAddress(args) ?? {host: '127.0.0.1', port: config.port}
