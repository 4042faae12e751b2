import {isLoopback} from '../address.ts'
import {addressOf} from '../attempts/attempt.ts'
import type {Client, ClientState} from '../attempts/client.ts'
import {nameOf} from '../attempts/client-name.ts'
import {everyClient} from '../attempts/clients.ts'
import type {LiveNow} from '../live/live-state.ts'
import {matchClients} from '../live/match-clients.ts'
import {isAboutCredential} from '../reasons/reason.ts'
import type {World} from '../world/world.ts'
import type {Problem} from './problem.ts'
import {attemptsOf, beginOf, evidenceOf, maxEvidence, type RefusedClient, recentMs, refusedClients} from './refused-clients.ts'

type LiveInputs = {world: World; live: LiveNow | null; now: number}

/** Those too who are in by another connection: what they are refused for is a pattern of its own. */
const alsoIn: readonly ClientState[] = ['storm', 'stuck', 'back', 'in']

const isHere = (client: Client): boolean => isLoopback(addressOf(client))

const hasLocalClient = ({world, live, now}: LiveInputs): boolean => {
  const isVisiting = live?.connectedClients.some(({from}) => from === 'local' || isLoopback(from)) ?? false
  return isVisiting || everyClient(world.clients).some(client => isHere(client) && now - (client.admittedAt ?? 0) < recentMs)
}

/** Token and gateway are fine: the cause is the network path, or what is required of unknown clients. */
const onlyFromElsewhere = (inputs: LiveInputs): Problem[] => {
  const found = refusedClients(inputs, alsoIn)
  if (found.length === 0 || found.some(({client}) => isHere(client)) || !hasLocalClient(inputs)) return []
  const reasons = [...new Set(found.map(({tally}) => tally.detail ?? tally.reason))]
  return [
    {
      id: 'only-from-elsewhere',
      layer: 'network',
      harm: 'note',
      title: 'Only clients of other hosts are refused; those of this host get in',
      because: `The gateway and its token are well. What is refused comes from elsewhere: ${reasons.join(', ')}.`,
      tryThis:
        'Look at what stands between: the proxy and gateway.trustedProxies, the allowed origins, pairing, gateway.remote.token there.',
      since: beginOf(found),
      count: found.length,
      sure: 'likely',
      evidence: evidenceOf(found),
    },
  ]
}

type Inside = {devices: ReadonlySet<string>; clients: ReadonlySet<string>}

const inside = ({world, live}: LiveInputs): Inside => {
  const clients = everyClient(world.clients)
  const matches = live && matchClients(clients, live)
  const connected = clients.filter(client => (matches ? (matches.of.get(client.key)?.length ?? 0) > 0 : client.open.size > 0))
  const devices = [...connected.map(({deviceId}) => deviceId), ...(live?.connectedClients ?? []).map(({deviceId}) => deviceId)]
  return {devices: new Set(devices.flatMap(device => device ?? [])), clients: new Set(connected.map(({key}) => key))}
}

const isCredential = ({tally}: RefusedClient): boolean => isAboutCredential(tally.detail ?? tally.reason)

/** One client, two identities: its device's own token lets it in, and the shared one that it also sends is refused. */
const twoIdentities = (inputs: LiveInputs): Problem[] => {
  const {devices, clients} = inside(inputs)
  const isDevice = ({client}: {client: Client}): boolean => devices.has(client.deviceId ?? '')
  const found = refusedClients(inputs, alsoIn).filter(one => isCredential(one) && (isDevice(one) || clients.has(one.client.key)))
  if (found.length === 0) return []
  const names = [...new Set(found.map(({client}) => nameOf(client, 'an unnamed client')))]
  return [
    {
      id: 'two-identities',
      layer: 'client',
      harm: 'note',
      title: 'A client is in and refused at the same time',
      because: `${names.join(', ')} is in, most likely by a device token of its own, and the same client is refused with a shared token: two tabs or programs of it, each with another secret.`,
      tryThis: 'Leave the device as it is. Take the old gateway token out of the tab or program that is refused.',
      since: beginOf(found),
      count: attemptsOf(found),
      sure: found.every(isDevice) ? 'likely' : 'guess',
      evidence: evidenceOf(found),
    },
  ]
}

/** A command that says "unreachable", or fails, although it was let in. */
const missingScopes = ({world, now}: LiveInputs): Problem[] => {
  const fresh = world.scopes.filter(({at}) => now - at < recentMs)
  return Array.from(
    Map.groupBy(fresh, ({scope}) => scope),
    ([scope, found]) => ({
      id: 'scope-missing',
      layer: 'gateway',
      harm: 'note',
      title: `The gateway is reachable; a client lacks the right ${scope}`,
      because:
        'It was let in, and what it asked for was refused for want of that right. Commands that need it, such as a status, may say that the gateway is unreachable: it is not, and its token is good.',
      tryThis:
        'Approve the wider rights (openclaw devices approve), or ask with a client that has them. A new token would not help.',
      since: found[0]?.at ?? now,
      count: found.length,
      sure: 'certain',
      evidence: found.slice(-maxEvidence).map(({from}) => from),
    }),
  )
}

const minHeaders = 2

/**
 * Headers of a proxy that the gateway does not believe. Anybody can send them, so they are no verdict, and once is nothing:
 * whoever trusts the sender lets it choose the address it is seen under.
 */
const proxyNotTrusted = ({world, now}: LiveInputs): Problem[] => {
  const found = world.timeline.filter(({of}) => of === 'proxy-suspected')
  const [first] = found
  const last = found.at(-1)
  if (first === undefined || last === undefined || found.length < minHeaders || now - last.at >= recentMs) return []
  return [
    {
      id: 'proxy-not-trusted',
      layer: 'network',
      harm: 'note',
      title: 'Headers of a proxy come from an address that the gateway does not trust',
      because: `${last.text}. The gateway does not believe what such headers say, and from 2026.8 on it refuses such connections with HTTP 403, without another line.`,
      tryThis:
        'If you run a proxy at that address, put the address into gateway.trustedProxies and let the proxy set X-Forwarded-For again. If you run no proxy at that address, somebody tries it: do not add it.',
      since: first.at,
      count: found.length,
      sure: 'likely',
      evidence: found.slice(-maxEvidence).map(({from}) => from),
    },
  ]
}

/** What many lines together tell, and none of them alone. */
export const findPatterns = (inputs: LiveInputs): Problem[] => [
  ...proxyNotTrusted(inputs),
  ...missingScopes(inputs),
  ...onlyFromElsewhere(inputs),
  ...twoIdentities(inputs),
]
