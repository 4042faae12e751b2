import {loginsOf} from '../logins/profile.ts'
import {providerReasonOf, reasonById} from '../reasons/reason.ts'
import {shellWord} from '../shell.ts'
import type {World} from '../world/world.ts'
import {type LogInputs, type Problem, sortProblems} from './problem.ts'
import {refusals} from './refusal-problems.ts'
import {maxEvidence, recentlyMs, recentMs} from './refused-clients.ts'
import {leftOutLog, logOfAnother, misreadLog, unreadableLog} from './unread-logs.ts'

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
          title: 'The gateway rejected the edited config and is still running the old one',
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
/** All current problems, the most harmful first. Unknown facts produce no problem. */
export const diagnose = (inputs: LogInputs): Problem[] => sortProblems(rules.flatMap(rule => rule(inputs)))

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
