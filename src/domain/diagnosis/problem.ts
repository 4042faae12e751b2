import {namedFrom} from '../attempts/client-name.ts'
import type {LineRef} from '../attempts/event.ts'
import {droppedText, recentlyDropped} from '../attempts/eviction-policy.ts'
import type {LiveNow} from '../live/live-state.ts'
import {inWords, type LogSource} from '../log-source.ts'
import {type LogNames, loginsOf, type Profile} from '../logins/profile.ts'
import {adviceOf, type Layer, providerReasonOf, reasonById} from '../reasons/reason.ts'
import {shellWord} from '../shell.ts'
import type {World} from '../world/world.ts'
import {
  attemptsOf,
  beginOf,
  evidenceOf,
  maxEvidence,
  onlyLeft,
  type RefusedClient,
  recentlyMs,
  recentMs,
  refusedClients,
} from './refused-clients.ts'

/** How bad it is: broken now, broken soon, or worth knowing. */
export type Harm = 'broken' | 'soon' | 'note'

/** Something that is wrong now, with what shows it and what to do first. */
export type Problem = {
  id: string
  layer: Layer
  harm: Harm
  title: string
  because: string
  tryThis: string
  since: number
  count: number
  sure: 'certain' | 'likely' | 'guess'
  evidence: readonly LineRef[]
  /** Files and commands where one can see for oneself, where it is not the log that shows it. */
  see?: readonly string[]
  /** What it is called once the gateway is gone, which refuses nobody any more. */
  titleWhenGone?: string
  /** Which of several it is about, where the id alone does not tell: an agent, a log. */
  about?: string
}

export type LogInputs = {
  world: World
  now: number
  sources: readonly LogSource[]
  live?: LiveNow | null
  /** The logins that a provider's failure may be about. */
  logins?: {profiles: readonly Profile[]; logNames: LogNames} | null
}

const seenText = (found: readonly RefusedClient[], dropped: number): string => {
  const who = found.slice(0, 3).map(({client}) => namedFrom(client))
  const more = found.length > 3 ? `and ${found.length - 3} more` : ''
  const parts = [who.join(', '), more, droppedText(dropped)].filter(Boolean)
  return parts.length === 0 ? '' : ` Seen: ${parts.join(' ')}.`
}

/** The pairing request, where they all are about the same. */
const onlyRequest = (found: readonly RefusedClient[]): string | null => {
  const ids = new Set(found.map(({tally}) => tally.last.requestId))
  return ids.size === 1 ? (found[0]?.tally.last.requestId ?? null) : null
}

/** Clients that are refused for one reason are one trouble, whether a row of them is left or not. */
const refusals = (inputs: LogInputs): Problem[] => {
  const {world, now} = inputs
  const remaining = Map.groupBy(refusedClients(inputs), ({tally}) => tally.detail ?? tally.reason)
  const dropped = new Map(recentlyDropped(world.clients.dropped, now))
  return Array.from(new Set([...remaining.keys(), ...dropped.keys()]), id => {
    const found = remaining.get(id) ?? []
    const gone = dropped.get(id)
    const row = reasonById(id)
    const clients = found.length + (gone?.stuck ?? 0)
    return {
      id,
      layer: row.layer,
      harm: gone === undefined && found.every(onlyLeft) ? ('note' as const) : ('broken' as const),
      title: `${clients === 1 ? 'A client is' : `${gone ? 'Up to ' : ''}${clients} clients are`} refused: ${id}`,
      titleWhenGone: `${clients === 1 ? 'A client was' : `${clients} clients were`} refused before the gateway ended: ${id}`,
      because: `${row.means}${seenText(found, gone?.stuck ?? 0)}`,
      tryThis: adviceOf(row, onlyRequest(found), world.life.release),
      since: Math.min(beginOf(found), gone?.firstAt ?? Infinity),
      count: attemptsOf(found) + (gone?.attempts ?? 0),
      sure: row.sure,
      evidence: evidenceOf(found),
    }
  })
}

const gatewayDown = ({world: {life, newestAt}, now}: LogInputs): Problem[] =>
  life.state !== 'down' || life.since === null
    ? []
    : [
        {
          id: 'gateway-stopped',
          layer: 'lifecycle',
          harm: 'broken',
          title: 'The gateway has stopped',
          because: 'Its log ends with an orderly shutdown and no later start.',
          tryThis: 'Start it again: `gatecrab restart` does it by whatever runs it, or says how.',
          since: life.since,
          count: 1,
          sure: now - (newestAt ?? now) < recentMs ? 'certain' : 'likely',
          evidence: [],
        },
      ]

const restartLoop = ({world, now}: LogInputs): Problem[] => {
  const starts = world.timeline.filter(({at, isUnordered}) => now - at < recentlyMs && isUnordered === true)
  return starts.length < 3
    ? []
    : [
        {
          id: 'respawn-loop',
          layer: 'lifecycle',
          harm: 'broken',
          title: `The gateway started ${starts.length} times in ten minutes, and nobody ordered it`,
          because:
            'Its log tells of no stop and no restart before these starts. Something ends it: a crash, a second supervisor, or a config that it does not survive.',
          tryThis: 'Look at the lines before each start on the Timeline, and at the service console log for a stack trace.',
          since: starts[0]?.at ?? now,
          count: starts.length,
          sure: 'certain',
          evidence: starts.slice(-maxEvidence).map(event => event.from),
        },
      ]
}

/** The newest word on the config counts: one that was skipped and not taken over since. */
const invalidConfig = ({world}: LogInputs): Problem[] => {
  const events = world.timeline.filter(({of, kind}) => of === 'config-skipped' || of === 'config-applied' || kind === 'start')
  const last = events.at(-1)
  return last?.of !== 'config-skipped'
    ? []
    : [
        {
          id: 'config-invalid',
          layer: 'lifecycle',
          harm: 'soon',
          title: 'The gateway refuses its config file and goes on with the old one',
          because: `${last.text}. At its next start it will refuse to run, or put an older copy back.`,
          tryThis: 'openclaw config validate says where; mend the file, the gateway takes it over by itself.',
          since: last.at,
          count: 1,
          sure: 'certain',
          evidence: [last.from],
        },
      ]
}

/** Whose failures these are, where the log names them. */
const whose = (found: World['provider'], {logins}: LogInputs): string => {
  const named = found.flatMap(({event}) =>
    event.profile === null || !logins ? [] : loginsOf(event, logins.profiles, logins.logNames).logins,
  )
  const ids = [...new Set(named.map(({profileId}) => profileId))]
  return ids.length === 0 ? '' : ` It is about ${ids.join(', ')}: gatecrab renew ${shellWord(ids[0] ?? '')}.`
}

const providerProblems = (inputs: LogInputs): Problem[] => {
  const {world, now} = inputs

  const fresh = world.provider.filter(({line}) => now - line.at < recentMs)
  const byReason = Map.groupBy(fresh, ({event}) => `${event.provider ?? 'a provider'} ${providerReasonOf(event)}`)
  return Array.from(byReason, ([key, found]) => {
    const [provider = '', id = ''] = key.split(' ')
    const row = reasonById(id)
    return {
      id,
      about: provider,
      layer: 'provider' as const,
      harm: row.authFailure ? ('broken' as const) : ('note' as const),
      title: `${provider}: ${id}`,
      because: `${row.means}${whose(found, inputs)}`,
      tryThis: row.tryThis,
      since: found[0]?.line.at ?? now,
      count: found.length,
      sure: row.sure,
      evidence: found.slice(-maxEvidence).map(({line}) => line.from),
    }
  })
}

const isRead = ({state, misread}: LogSource): boolean =>
  (state === 'reading' || state === 'ended') && misread?.isMajority !== true

/** A log that is not there yet matters where no other is read. */
const isUnread = (source: LogSource, others: readonly LogSource[]): boolean =>
  source.state === 'unreadable' || source.misread?.isMajority === true || (source.state === 'missing' && !others.some(isRead))

const firstOf = ({name, misread}: LogSource): LineRef[] => (misread ? [{file: name, line: misread.first}] : [])

/** What a log does not say, it may say in words that are not understood: nothing is concluded from its silence. */
const unreadableLog = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => isUnread(source, sources))
    .map(source => ({
      about: source.name,
      id: 'log-unreadable',
      layer: 'client' as const,
      harm: 'soon' as const,
      title: source.misread ? `${source.name} is not understood` : `${source.name} cannot be read`,
      because: `${source.because ?? (source.misread ? inWords(source.name, source.misread) : 'The system refused it')}.`.replace(
        /\.\.$/,
        '.',
      ),
      tryThis: source.misread
        ? 'Name the log of the gateway with --log. If this is it, OpenClaw may be newer than this gatecrab: look for a newer one.'
        : (source.tryThis ?? "Run gatecrab as the gateway's user."),
      since: now,
      count: 1,
      sure: 'certain' as const,
      evidence: firstOf(source),
    }))

/** Some of its lines, while the rest is understood. */
const misreadLog = ({sources, now}: LogInputs): Problem[] =>
  sources.flatMap(source =>
    !source.misread || isUnread(source, sources)
      ? []
      : {
          id: 'log-lines-unknown',
          layer: 'client' as const,
          harm: 'note' as const,
          title: `${source.name} has lines that are not understood`,
          because: `${inWords(source.name, source.misread)}. What they tell is not counted.`,
          tryThis: 'Look at the first of them. OpenClaw may be newer than this gatecrab: look for a newer one.',
          since: now,
          count: source.misread.count,
          sure: 'certain' as const,
          evidence: firstOf(source),
        },
  )

/** An unreadable log: it may be an attack, and it explains missing entries. */
const leftOutLog = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => source.state === 'left-out')
    .map(({name, because}) => ({
      id: 'log-left-out',
      layer: 'client' as const,
      harm: 'note' as const,
      title: `The log folder ${name} is not read`,
      because: `${because ?? 'left out'}.`,
      tryThis: 'Nothing, while another log of this gateway is read. If it is the right one all the same, name it with --log.',
      since: now,
      count: 1,
      sure: 'certain' as const,
      evidence: [],
    }))

/** Its silence, and what it tells, is about somebody else. */
const logOfAnother = ({sources, now}: LogInputs): Problem[] =>
  sources
    .filter(source => source.state === 'of-another')
    .map(({name, because, tryThis}) => ({
      id: 'log-of-another',
      layer: 'client' as const,
      harm: 'soon' as const,
      title: `${name} is not the log of this gateway`,
      because: `${because ?? 'Another gateway wrote it'}. So nobody knows from it who is refused here.`.replace(/^./, first =>
        first.toUpperCase(),
      ),
      tryThis: tryThis ?? "Name this gateway's own log with --log.",
      since: now,
      count: 1,
      sure: 'likely' as const,
      evidence: [],
    }))

const rules = [
  gatewayDown,
  restartLoop,
  refusals,
  providerProblems,
  invalidConfig,
  unreadableLog,
  logOfAnother,
  misreadLog,
  leftOutLog,
] as const
export const harms: readonly Harm[] = ['broken', 'soon', 'note']

/** All current problems, the most harmful first. Unknown facts produce no problem. */
export const diagnose = (inputs: LogInputs): Problem[] => sortProblems(rules.flatMap(rule => rule(inputs)))

/** What is wrong with the gateway itself harms everybody. */
const isOfAll = ({layer}: Problem): number => (layer === 'lifecycle' ? 0 : 1)

export const sortProblems = (found: readonly Problem[]): Problem[] =>
  found.toSorted((a, b) => harms.indexOf(a.harm) - harms.indexOf(b.harm) || isOfAll(a) - isOfAll(b) || b.count - a.count)

const isAuthFailure = (reason: string): boolean => reasonById(reason).authFailure === true

const isGatewayAuth = (reason: string): boolean => isAuthFailure(reason) && reasonById(reason).layer !== 'provider'

const countIn = (entries: Iterable<{reason: string; count: number}>, isIncluded: (reason: string) => boolean): number =>
  Array.from(entries).reduce((sum, {reason, count}) => sum + (isIncluded(reason) ? count : 0), 0)

/** Failed sign-ins of each layer, so that paging stays actionable. Counted as they came: lists forget, and strangers fill them. */
export const countersOf = ({
  ledger,
}: World): {gatewayAuthFailures: number; providerAuthFailures: number; channelAuthFailures: number} => ({
  gatewayAuthFailures: countIn(ledger.refusals, isGatewayAuth),
  providerAuthFailures: countIn(ledger.providers.values(), isAuthFailure),
  channelAuthFailures: countIn(ledger.channels.values(), isAuthFailure),
})
