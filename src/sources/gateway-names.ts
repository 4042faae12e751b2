import dns from 'node:dns/promises'
import os from 'node:os'
import {destinationOf, type GatewayNames, isLoopbackName} from '../domain/live/gateway-names.ts'
import type {TokenCopy} from '../domain/token/copy.ts'
import type {HostEnv} from '../gateway/paths.ts'
import {stdoutOf} from './run-process.ts'

/** The names and addresses of this machine, as far as it knows them itself. */
export const ownNames = (): string[] => {
  const host = os.hostname()
  const [short = host] = host.split('.')
  const addresses = Object.values(os.networkInterfaces()).flatMap(all => (all ?? []).map(({address}) => address))
  return [...new Set([host, short, `${short}.local`, ...addresses])]
}

/** By what a gateway on this host is known, or on the one that was named. */
export const gatewayNames = (host: string, port: number, operatorNames: readonly string[] = []): GatewayNames => {
  const own = ownNames()
  return {port, names: isLoopbackName(host) || own.includes(host) ? own : [host], operatorNames: operatorNames}
}

/** The App Store's Tailscale puts no command on the PATH. */
const fromAppStore = '/Applications/Tailscale.app/Contents/MacOS/Tailscale'

const firstPrinted = async (programs: readonly string[], hostEnv: HostEnv): Promise<string | null> => {
  for (const program of programs) {
    const output = await stdoutOf([program, 'status', '--json', '--peers=false'], hostEnv)
    if (output !== null) return output
  }
  return null
}

/** In a tailnet a machine has a name of its own, which only the tailnet knows. */
const tailnetNames = async (hostEnv: HostEnv): Promise<string[]> => {
  const output = await firstPrinted(['tailscale', ...(hostEnv.platform === 'darwin' ? [fromAppStore] : [])], hostEnv)
  try {
    const {Self} = JSON.parse(output ?? '') as {Self?: {DNSName?: unknown}}
    const name = typeof Self?.DNSName === 'string' ? Self.DNSName.replace(/\.$/, '') : ''
    return name === '' ? [] : [name, name.split('.')[0] ?? name]
  } catch {
    return []
  }
}

const timeoutMs = 2000

/** What a name stands for in the network; null where it is not known. */
const addressesOf = async (host: string): Promise<string[] | null> => {
  const late = new Promise<null>(resolve => void setTimeout(resolve, timeoutMs, null).unref())
  const found = dns.lookup(host, {all: true}).then(
    all => all.map(({address}) => address),
    () => null,
  )
  return Promise.race([found, late])
}

/** With all the names that the network has for this machine. */
export const withNetworkNames = async (gateway: GatewayNames, hostEnv: HostEnv): Promise<GatewayNames> => ({
  ...gateway,
  names: [...gateway.names, ...(gateway.names.includes(os.hostname()) ? await tailnetNames(hostEnv) : [])],
})

/** Where each remote token leads, now that the network may be asked. */
export const resolveDestinations = (copies: readonly TokenCopy[], gateway: GatewayNames): Promise<TokenCopy[]> =>
  Promise.all(
    copies.map(async copy => {
      if (!copy.meant) return copy
      const {url} = copy.meant
      const addresses = await addressesOf(URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? '')
      return {...copy, meant: {url, is: destinationOf(url, gateway, addresses)}}
    }),
  )
