import {type ConfigJudged, isMended, ofConfig} from '../config-judged.ts'
import {gatewayNow} from '../live/gateway-now.ts'
import {isAnswering, type LiveNow} from '../live/live-now.ts'
import type {Reach} from '../live/reach.ts'
import type {LogSource} from '../log-source.ts'
import type {AgentFare} from '../logins/credential-board.ts'
import type {ServiceFacts, Supervisor} from '../service/service.ts'
import {serviceFindings} from '../service/service-findings.ts'
import type {World} from '../world/world.ts'
import {type Diagnosis, diagnose, type Harm, inOrder, type Known} from './diagnosis.ts'
import {type CopiesKnown, copiesApart, isOwnTokenTold, ofCopies, ofProfiles, ofService} from './diagnosis-beside.ts'
import {liveTroubles} from './diagnosis-live.ts'
import {patterns} from './diagnosis-patterns.ts'
import {ofPlans, type PlansKnown} from './diagnosis-plans.ts'
import {eachFactOnce} from './same-fact.ts'
import {whenGone} from './when-gone.ts'

/** All that is known at one moment, by whatever listens. Null is what nobody looked at. */
export type AllKnown = {
  world: World
  now: number
  sources: readonly LogSource[]
  live: LiveNow | null
  service: {facts: ServiceFacts; before: ServiceFacts | null} | null
  copies: CopiesKnown | null
  agents: readonly AgentFare[]
  config?: ConfigJudged | null
  logins?: Known['logins']
  plans?: PlansKnown | null
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
}: AllKnown): Diagnosis[] => {
  const gateway = gatewayNow(world.life, live, now, reach)
  const {is, by, version, since} = gateway
  const isUp = answers.includes(is) || (live !== null && isAnswering(live))
  // What answers now has not stopped, whatever the log's last words were.
  const ofLog = diagnose({world, now, sources, logins, live})
    .filter(({id}) => id !== 'gateway-stopped' || by === 'log')
    .filter(found => !isMended(config, found))
    .filter(({id}) => id !== 'config-invalid' || !config?.fault)
  const findings = service
    ? serviceFindings({...service, runningVersion: version, isUp, goneSince: isUp ? null : (since ?? world.life.since)})
    : []
  const known = {world, live, now, gateway, system: managerOf(service?.facts ?? null)}
  const found = [
    ...ofConfig(config, now, isUp || (is === 'unknown' && live === null && reach === null)),
    ...liveTroubles(known).filter(({id}) => id !== 'token-here-refused' || !isOwnTokenTold(copies)),
    ...ofLog,
    ...ofService(findings, now),
    ...ofPlans(plans, now),
    ...ofProfiles(agents, now),
    ...ofCopies(copiesApart(copies, findings), now),
    ...patterns(known),
  ]
  return inOrder(eachFactOnce(inOrder(whenGone(found, gateway))))
}

export type Verdict = 'ok' | 'soon' | 'unknown' | 'broken'

const verdicts: Readonly<Record<Harm, Verdict>> = {broken: 'broken', soon: 'soon', note: 'ok'}

const silentLogs: readonly string[] = ['log-unreadable', 'log-silent', 'log-of-another']

/** A log that is not understood, or not this gateway's, may hold anything: short of something broken, nothing can be said. */
export const verdictOn = (found: readonly Diagnosis[]): Verdict => {
  const [worst] = found
  if (worst?.harm !== 'broken' && found.some(({id}) => silentLogs.includes(id))) return 'unknown'
  return worst ? verdicts[worst.harm] : 'ok'
}
