import {gatewayNow} from '../live/gateway-now.ts'
import {isAnswering, type LiveNow} from '../live/live-state.ts'
import type {Reach} from '../live/reach.ts'
import type {LogSource} from '../log-source.ts'
import type {AgentReport} from '../logins/profile-report.ts'
import {serviceFindings} from '../service/findings.ts'
import type {ServiceFacts, Supervisor} from '../service/service.ts'
import type {World} from '../world/world.ts'
import {type ConfigValidation, configProblems, isRepaired} from './config-problems.ts'
import {liveProblems} from './live-problems.ts'
import {findPatterns} from './patterns.ts'
import {ofPlans, type PlansState} from './plan-problems.ts'
import {diagnose, type Harm, type LogInputs, type Problem, sortProblems} from './problem.ts'
import {eachFactOnce} from './same-fact.ts'
import {
  type CopiesStatus,
  copiesApart,
  copyProblems,
  isOwnTokenExplained,
  loginProblems,
  toProblems,
} from './token-and-login-problems.ts'
import {whenGone} from './when-gone.ts'

/** All that is known at one moment, by whatever listens. Null is what nobody looked at. */
export type ProblemInputs = {
  world: World
  now: number
  sources: readonly LogSource[]
  live: LiveNow | null
  service: {facts: ServiceFacts; before: ServiceFacts | null} | null
  copies: CopiesStatus | null
  agents: readonly AgentReport[]
  config?: ConfigValidation | null
  logins?: LogInputs['logins']
  plans?: PlansState | null
  /** What the port answered; null where nobody asked it. */
  reach?: Reach | null
}

/** Which tools this host has, by what manages services here; null where that is not known, as beside a container. */
const managerOf = (facts: ServiceFacts | null): Supervisor['kind'] | null =>
  facts?.kernel != null ? 'launchd' : (facts?.supervisors.find(({kind}) => kind === 'systemd')?.kind ?? null)

const answers = ['up', 'busy', 'frozen']

/** Everything that is wrong now, by all that is known: the most harmful first, each once. Nothing is said of what is not known. */
export const problemsOf = ({
  world,
  now,
  sources,
  live,
  service,
  copies,
  agents,
  config = null,
  logins = null,
  plans = null,
  reach = null,
}: ProblemInputs): Problem[] => {
  const gateway = gatewayNow(world.life, live, now, reach)
  const {is, by, version, since} = gateway
  const isUp = answers.includes(is) || (live !== null && isAnswering(live))
  // What answers now has not stopped, whatever the log's last words were.
  const ofLog = diagnose({world, now, sources, logins, live})
    .filter(({id}) => id !== 'gateway-stopped' || by === 'log')
    .filter(found => !isRepaired(config, found))
    .filter(({id}) => id !== 'config-invalid' || !config?.fault)
  const findings = service
    ? serviceFindings({...service, runningVersion: version, isUp, goneSince: isUp ? null : (since ?? world.life.since)})
    : []
  const inputs = {world, live, now, gateway, system: managerOf(service?.facts ?? null)}
  const found = [
    ...configProblems(config, now, isUp || (is === 'unknown' && live === null && reach === null)),
    ...liveProblems(inputs).filter(({id}) => id !== 'token-here-refused' || !isOwnTokenExplained(copies)),
    ...ofLog,
    ...toProblems(findings, now),
    ...ofPlans(plans, now),
    ...loginProblems(agents, now),
    ...copyProblems(copiesApart(copies, findings), now),
    ...findPatterns(inputs),
  ]
  return sortProblems(eachFactOnce(sortProblems(whenGone(found, gateway))))
}

export type HarmVerdict = 'ok' | 'soon' | 'unknown' | 'broken'

const verdicts: Readonly<Record<Harm, HarmVerdict>> = {broken: 'broken', soon: 'soon', note: 'ok'}

const silentLogs: readonly string[] = ['log-unreadable', 'log-silent', 'log-of-another']

/** A log that is not understood, or not this gateway's, may hold anything: short of something broken, nothing can be said. */
export const verdictFor = (found: readonly Problem[]): HarmVerdict => {
  const [worst] = found
  if (worst?.harm !== 'broken' && found.some(({id}) => silentLogs.includes(id))) return 'unknown'
  return worst ? verdicts[worst.harm] : 'ok'
}
