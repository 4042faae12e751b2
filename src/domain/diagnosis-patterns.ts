import {addressOf, isLoopback} from './attempt.ts'
import {type Client, stateOf, type Tally} from './client.ts'
import type {Diagnosis} from './diagnosis.ts'
import type {LiveNow} from './live-now.ts'
import {seated} from './seats.ts'
import type {World} from './world.ts'

type Known = {world: World; live: LiveNow | null; now: number}

const recently = 600_000
const lately = 3_600_000
const mostEvidence = 5

/** The tallies of those who are turned away now. */
const turnedAway = ({world, now}: Known): {client: Client; tally: Tally}[] =>
  Array.from(world.clients.values()).flatMap(client =>
    ['storm', 'stuck', 'back', 'in'].includes(stateOf(client, now))
      ? Array.from(client.tallies.values())
          .filter(tally => !tally.last.expected && now - tally.lastAt < recently && tally.lastAt > (client.admittedAt ?? 0))
          .map(tally => ({client, tally}))
      : [],
  )

const evidenceOf = (found: readonly {tally: Tally}[]) =>
  found.flatMap(({tally}) => tally.evidence.slice(-2)).slice(0, mostEvidence)

const isHere = (client: Client): boolean => isLoopback(addressOf(client))

const hereAndIn = ({world, live, now}: Known): boolean => {
  const isVisiting = live?.visitors.some(({from}) => from === 'local' || isLoopback(from)) ?? false
  return (
    isVisiting || Array.from(world.clients.values()).some(client => isHere(client) && now - (client.admittedAt ?? 0) < lately)
  )
}

/** The token is good and the gateway is well: what is wrong lies on the way, or in what is asked of strangers. */
const onlyFromElsewhere = (known: Known): Diagnosis[] => {
  const found = turnedAway(known)
  if (found.length === 0 || found.some(({client}) => isHere(client)) || !hereAndIn(known)) return []
  const reasons = [...new Set(found.map(({tally}) => tally.detail ?? tally.reason))]
  return [
    {
      id: 'only-from-elsewhere',
      layer: 'network',
      harm: 'note',
      title: 'Only clients of other hosts are turned away; those of this host get in',
      because: `The gateway and its token are well. What is turned away comes from elsewhere: ${reasons.join(', ')}.`,
      tryThis:
        'Look at what stands between: the proxy and gateway.trustedProxies, the allowed origins, pairing, gateway.remote.token there.',
      since: Math.min(...found.map(({client}) => client.firstAt)),
      count: found.length,
      sure: 'likely',
      evidence: evidenceOf(found),
    },
  ]
}

const devicesIn = ({world, live}: Known): ReadonlySet<string> => {
  const clients = Array.from(world.clients.values())
  const seats = live && seated(clients, live)
  const byLog = clients.filter(client => (seats ? (seats.of.get(client.key)?.length ?? 0) > 0 : client.open.size > 0))
  const devices = [...byLog.map(({deviceId}) => deviceId), ...(live?.visitors ?? []).map(({deviceId}) => deviceId)]
  return new Set(devices.flatMap(device => device ?? []))
}

const isCredential = ({tally}: {tally: Tally}): boolean => /token|password/.test(tally.detail ?? tally.reason)

/** One device, two identities: its own token lets it in, and the shared one that it also sends is refused. */
const twoIdentities = (known: Known): Diagnosis[] => {
  const devices = devicesIn(known)
  const found = turnedAway(known).filter(one => isCredential(one) && devices.has(one.client.deviceId ?? ''))
  if (found.length === 0) return []
  const names = [...new Set(found.map(({client}) => (client.deviceId ?? '').slice(0, 8)))]
  return [
    {
      id: 'two-identities',
      layer: 'client',
      harm: 'note',
      title: 'A device is in and turned away at the same time',
      because: `Device ${names.join(', ')} is in by its own device token, and the same device is refused with a shared token: two programs or two tabs share it, each with another secret.`,
      tryThis: 'Leave the device as it is. Take the old gateway token out of the tab or program that is refused.',
      since: Math.min(...found.map(({client}) => client.firstAt)),
      count: found.reduce((sum, {tally}) => sum + tally.count, 0),
      sure: 'likely',
      evidence: evidenceOf(found),
    },
  ]
}

/** A command that says "unreachable", or fails, although it was let in. */
const missingScopes = ({world, now}: Known): Diagnosis[] => {
  const fresh = world.scopes.filter(({at}) => now - at < lately)
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
      evidence: found.slice(-mostEvidence).map(({from}) => from),
    }),
  )
}

/** Headers of a proxy that the gateway does not believe: who is behind it cannot be told. */
const proxyNotTrusted = ({world, now}: Known): Diagnosis[] => {
  const found = world.marks.filter(({text, at}) => text.startsWith('proxy headers from') && now - at < lately)
  const [first] = found
  if (first === undefined) return []
  return [
    {
      id: 'proxy-not-trusted',
      layer: 'network',
      harm: 'soon',
      title: 'A proxy stands in front of the gateway, which does not trust it',
      because: `${first.text}. What it says of the clients behind it is not believed, and from 2026.8 on they are refused with HTTP 403, without another line.`,
      tryThis: "Put the proxy's own address into gateway.trustedProxies, and let the proxy set X-Forwarded-For anew.",
      since: first.at,
      count: found.length,
      sure: 'likely',
      evidence: found.slice(-mostEvidence).map(({from}) => from),
    },
  ]
}

/** What many lines together tell, and none of them alone. */
export const patterns = (known: Known): Diagnosis[] => [
  ...proxyNotTrusted(known),
  ...missingScopes(known),
  ...onlyFromElsewhere(known),
  ...twoIdentities(known),
]
