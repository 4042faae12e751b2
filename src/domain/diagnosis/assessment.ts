import {hourMs} from '../durations.ts'
import {type GatewayNow, gatewayNow, isSeenListening} from '../live/gateway-now.ts'
import type {TimelineEvent} from '../timeline/timeline.ts'
import {type HarmVerdict, type ProblemInputs, problemsOf, verdictFor} from './all-problems.ts'
import {type Cause, causeOf} from './cause.ts'
import {countersOf} from './log-problems.ts'
import {type Problem, sortProblems} from './problem.ts'
import {countTurnedAway, type RefusedClient, refusedClients} from './refused-clients.ts'

/**
 * `hasNoLog`: no log of this gateway is read. `isReading`: the logs of before are still being read. `changes`: who wrote the config,
 * as far as there are records.
 */
export type AssessmentInputs = ProblemInputs & {hasNoLog: boolean; isReading?: boolean; changes?: readonly TimelineEvent[]}

/** What is true at one moment: the header, the panels, `check`, the report and the metrics all read this, and judge nothing themselves. */
export type Assessment = {
  verdict: HarmVerdict
  problems: readonly Problem[]
  gateway: GatewayNow
  /** The event that several of the problems came of, where there is one. */
  cause: Cause | null
  /** Clients that were refused within ten minutes and are not known to be back, those included of which no row is kept. */
  refused: number
  /** Each of those whose row is kept, and each reason. */
  refusals: readonly RefusedClient[]
  counters: ReturnType<typeof countersOf>
  /** Attempts that had been refused when it was judged. */
  attempts: number
  /** The newest line of any log; null where none was read. */
  newestLineAt: number | null
}

const newestIn = ({world, sources}: AssessmentInputs): number | null => {
  const times = [world.newestAt, ...sources.map(({lastLineAt}) => lastLineAt)].filter(at => at !== null)
  return times.length === 0 ? null : Math.max(...times)
}

const only = {layer: 'client', count: 1, sure: 'certain', evidence: []} as const

/** A gateway says something when it starts: a log without a line is another file, or was emptied. */
const emptyLog = ({sources, now}: AssessmentInputs, newest: number | null): Problem[] => {
  const [first] = sources.filter(({state}) => state === 'reading' || state === 'ended')
  if (newest !== null || first === undefined) return []
  return [
    {
      ...only,
      id: 'log-unreadable',
      harm: 'soon',
      title: 'The gateway log is empty',
      because: `${first.name} has no line. Whom the gateway refuses is not known.`,
      tryThis: 'Name the file that the gateway writes with --log.',
      since: now,
      about: first.name,
    },
  ]
}

/** Only the log speaks, and it has said nothing for an hour: whether the gateway lives, or refuses anybody, is not known. */
const silentLog = ({now, live, reach = null}: AssessmentInputs, {by}: GatewayNow, newest: number | null): Problem[] => {
  const isObserved = by !== 'log' || isSeenListening(live) || (reach !== null && reach.state !== 'unknown')
  if (isObserved || (newest !== null && now - newest <= hourMs)) return []
  const last =
    newest === null ? 'It has no line in the time that was looked at' : `Its last line is of ${new Date(newest).toISOString()}`
  return [
    {
      ...only,
      id: 'log-silent',
      harm: 'note',
      title: 'The gateway log is silent',
      because: `${last}, and nothing but the log is known here. Whether the gateway runs, and whom it refuses, is not known.`,
      tryThis:
        'Run gatecrab on the host of the gateway without --log, name the log that is written now, or look further back with --since.',
      since: newest ?? now,
    },
  ]
}

/** A gateway that has stopped writes nothing, and a log that cannot be read is no silent one. */
const saysWhySilent: readonly string[] = ['log-unreadable', 'gateway-stopped']

/** What cannot be concluded for want of lines; one reason is enough. */
const wantOfLines = (facts: AssessmentInputs, gateway: GatewayNow, found: readonly Problem[]): Problem[] => {
  if (facts.hasNoLog || facts.isReading === true || found.some(({id}) => saysWhySilent.includes(id))) return []
  const newest = newestIn(facts)
  const [first = null] = [...emptyLog(facts, newest), ...silentLog(facts, gateway, newest)]
  return first ? [first] : []
}

/** What carries no time of its own began when it was first seen here. */
const sinceFirstSeen = (found: Problem, now: number, before: Assessment | null): Problem => {
  if (found.since !== now) return found
  const same = before?.problems.find(({id, about}) => id === found.id && about === found.about)
  return same ? {...found, since: Math.min(same.since, now)} : found
}

const isUp = ({is}: GatewayNow): boolean => is === 'up' || is === 'busy'

export const assess = (facts: AssessmentInputs, before: Assessment | null = null): Assessment => {
  const {world, live, now, reach = null, hasNoLog} = facts
  const gateway = gatewayNow(world.life, live, now, reach)
  const found = problemsOf(facts)
  const problems = sortProblems([...found, ...wantOfLines(facts, gateway, found)]).map(problem =>
    sinceFirstSeen(problem, now, before),
  )
  const verdict = verdictFor(problems)
  const refusals = refusedClients(facts)
  const newestLineAt = newestIn(facts)
  // While the logs of before are read, nothing is green that nobody has seen.
  const isYetToRead = facts.isReading === true && newestLineAt === null && gateway.by === 'log'
  return {
    verdict: verdict !== 'broken' && ((hasNoLog && !isUp(gateway)) || isYetToRead) ? 'unknown' : verdict,
    problems,
    gateway,
    cause: causeOf({timeline: world.timeline, changes: facts.changes ?? [], problems, refused: refusals}),
    refused: countTurnedAway(facts, refusals),
    refusals,
    counters: countersOf(world),
    attempts: world.refused + world.hidden,
    newestLineAt,
  }
}
