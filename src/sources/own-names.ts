import dns from 'node:dns/promises'
import os from 'node:os'
import {isLoopbackName, type KnownAs, leadsTo} from '../domain/live/gateway-names.ts'
import type {TokenCopy} from '../domain/token/token-copy.ts'
import type {Surroundings} from '../gateway/paths.ts'
import {printedBy} from './token/token-program.ts'

/** The names and addresses of this machine, as far as it knows them itself. */
export const ownNames = (): string[] => {
  const host = os.hostname()
  const [short = host] = host.split('.')
  const addresses = Object.values(os.networkInterfaces()).flatMap(all => (all ?? []).map(({address}) => address))
  return [...new Set([host, short, `${short}.local`, ...addresses])]
}

/** By what a gateway on this host is known, or on the one that was named. */
export const knownAs = (host: string, port: number, said: readonly string[] = []): KnownAs => {
  const own = ownNames()
  return {port, names: isLoopbackName(host) || own.includes(host) ? own : [host], said}
}

/** The App Store's Tailscale puts no command on the PATH. */
const fromAppStore = '/Applications/Tailscale.app/Contents/MacOS/Tailscale'

const firstPrinted = async (programs: readonly string[], around: Surroundings): Promise<string | null> => {
  for (const program of programs) {
    const told = await printedBy(program, ['status', '--json', '--peers=false'], around)
    if (told !== null) return told
  }
  return null
}

/** In a tailnet a machine has a name of its own, which only the tailnet knows. */
const tailnetNames = async (around: Surroundings): Promise<string[]> => {
  const told = await firstPrinted(['tailscale', ...(around.platform === 'darwin' ? [fromAppStore] : [])], around)
  try {
    const {Self} = JSON.parse(told ?? '') as {Self?: {DNSName?: unknown}}
    const name = typeof Self?.DNSName === 'string' ? Self.DNSName.replace(/\.$/, '') : ''
    return name === '' ? [] : [name, name.split('.')[0] ?? name]
  } catch {
    return []
  }
}

const patienceMs = 2000

/** What a name stands for in the network; null where it is not known. */
const addressesOf = async (host: string): Promise<string[] | null> => {
  const late = new Promise<null>(resolve => void setTimeout(resolve, patienceMs, null).unref())
  const found = dns.lookup(host, {all: true}).then(
    all => all.map(({address}) => address),
    () => null,
  )
  return Promise.race([found, late])
}

/** With all the names that the network has for this machine. */
export const knownInNetwork = async (known: KnownAs, around: Surroundings): Promise<KnownAs> => ({
  ...known,
  names: [...known.names, ...(known.names.includes(os.hostname()) ? await tailnetNames(around) : [])],
})

/** Where each remote token leads, now that the network may be asked. */
export const whereTheyLead = (copies: readonly TokenCopy[], known: KnownAs): Promise<TokenCopy[]> =>
  Promise.all(
    copies.map(async copy => {
      if (!copy.meant) return copy
      const {url} = copy.meant
      const addresses = await addressesOf(URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? '')
      return {...copy, meant: {url, is: leadsTo(url, known, addresses)}}
    }),
  )
