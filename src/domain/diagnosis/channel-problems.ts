import type {Reach} from '../live/listener.ts'
import {reasonById} from '../reasons/reason.ts'
import {channelName} from '../timeline/timeline.ts'
import {type ChannelTrouble, failingChannels} from '../world/channels.ts'
import type {DegradedSecret} from '../world/secrets.ts'
import type {World} from '../world/world.ts'
import type {Harm, Problem} from './problem.ts'

type ChannelInputs = {world: World; now: number; reach: Reach | null}

/** One failure that the gateway mends by itself is worth knowing; three without a start that holds are more. */
const harmOf = ({reason, count}: ChannelTrouble): Harm => {
  if (reasonById(reason).isLasting === true) return 'broken'
  return count >= 3 ? 'soon' : 'note'
}

const ofLog = (trouble: ChannelTrouble): Problem => {
  const {reason, because, since, count, evidence, channel} = trouble
  const row = reasonById(reason)
  const name = channelName(trouble)
  return {
    id: 'channel-failing',
    about: name,
    layer: 'channel',
    harm: harmOf(trouble),
    title: `Channel ${name}: ${reason}`,
    titleWhenGone: `Channel ${name} had failed before the gateway ended: ${reason}`,
    because: `${row.means} Its line: ${because}`,
    tryThis: row.tryThis.replaceAll('<channel>', channel),
    since,
    count,
    sure: row.sure,
    evidence,
  }
}

/** Of these the gateway itself is not ready, and no channel is to blame. */
const noChannel = /^(?:startup-sidecars|gateway-draining|internal|plugin-reload|agent-database:.*)$/

/** Where the log of the failure is not read, the gateway's own word is left. */
const ofReadiness = (name: string, now: number): Problem => ({
  id: 'channel-failing',
  about: name,
  layer: 'channel',
  harm: 'broken',
  title: `Channel ${name} is not ready`,
  because: 'The gateway says so itself (/readyz), and no line of the log that was read tells why. Its messages may not arrive.',
  tryThis: `\`openclaw channels status --probe\` says what it lacks: a login, a token, or the network.`,
  since: now,
  count: 1,
  sure: 'certain',
  evidence: [],
})

/** What the gateway says now counts before what its log said: a channel that it calls ready has come back, unless its login is lost. */
const isReadyAgain = ({channel, reason}: ChannelTrouble, failing: readonly string[] | undefined): boolean =>
  failing !== undefined && !failing.includes(channel) && reasonById(reason).authFailure !== true

/** `account:telegram:default`: that it has no secret says why it fails, and is told by itself. */
const lacksSecret = ({secrets}: World, channel: string, account?: string | null): boolean =>
  Array.from(secrets.values()).some(({owner, state}) => {
    const [kind, of, name] = owner?.split(':') ?? []
    return state === 'cold' && kind === 'account' && of === channel && (account == null || name === account)
  })

export const channelProblems = ({world, now, reach}: ChannelInputs): Problem[] => {
  const failing = reach?.failing
  const logged = failingChannels(world, now).filter(
    one => !isReadyAgain(one, failing) && !lacksSecret(world, one.channel, one.account),
  )
  const unlogged = (failing ?? []).filter(
    name => !noChannel.test(name) && !logged.some(({channel}) => channel === name) && !lacksSecret(world, name),
  )
  return [...logged.map(ofLog), ...unlogged.map(name => ofReadiness(name, now))]
}

/** `account:telegram:default`: whose secret it is stands before the first colon. */
const layers: Readonly<Record<string, Problem['layer']>> = {account: 'channel', provider: 'provider', route: 'provider'}

const secretTitle = ({owner, state}: DegradedSecret): string =>
  `${owner ?? 'A part of OpenClaw'} ${state === 'cold' ? 'has no secret' : state === 'stale' ? 'goes on with an old secret' : 'cannot resolve a secret'}`

export const secretProblems = ({world}: Pick<ChannelInputs, 'world'>): Problem[] =>
  Array.from(world.secrets.values())
    // The codes of single owners say all that the reloader's does, and more.
    .filter(({owner}) => owner !== null || world.secrets.size === 1)
    .map(one => ({
      id: 'secrets-degraded',
      about: one.owner ?? 'unknown',
      layer: layers[one.owner?.split(':')[0] ?? ''] ?? 'lifecycle',
      harm: one.state === 'cold' ? 'broken' : 'soon',
      title: secretTitle(one),
      titleWhenGone: `${secretTitle(one)}, as the gateway said before it ended`,
      because: `${one.because} ${one.state === 'cold' ? 'It stays unusable until the reference resolves.' : 'A restart would leave it without any.'}`,
      tryThis:
        'See that the variable, file or store entry that the config names is there for the gateway; then `openclaw secrets reload`. `openclaw secrets audit` lists the references.',
      since: one.since,
      count: one.count,
      sure: 'certain',
      evidence: [one.from],
    }))
