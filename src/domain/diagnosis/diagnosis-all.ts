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
import {type CopiesKnown, ofCopies, ofProfiles, ofService} from './diagnosis-beside.ts'
import {liveTroubles} from './diagnosis-live.ts'
import {patterns} from './diagnosis-patterns.ts'
import {ofPlans, type PlansKnown} from './diagnosis-plans.ts'
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

/** What says more of the same trouble goes before what says less. */
const supersedes: Readonly<Record<string, readonly string[]>> = {
  'gateway-killed': ['service-stopped', 'gateway-stopped', 'gateway-down'],
  'gateway-frozen': ['gateway-stopped', 'gateway-down'],
  'gateway-stopped': ['gateway-down'],
  'foreign-listener': [
    'gateway-stopped',
    'gateway-down',
    'gateway-killed',
    'gateway-unreachable',
    'gatecrab-refused',
    'service-stopped',
  ],
  'service-disabled': ['gateway-stopped', 'gateway-down', 'gateway-killed'],
  'service-not-loaded': ['gateway-stopped', 'gateway-down'],
  'two-supervisors': ['respawn-loop'],
  'respawn-loop': ['service-stopped'],
  'service-refused-by-system': ['service-stopped', 'service-not-loaded'],
  'service-out-of-memory': ['service-stopped'],
  'service-starting': ['gateway-stopped', 'gateway-down', 'gateway-killed'],
  'service-stopping': ['gateway-stopped', 'gateway-down', 'gateway-killed'],
  'config-not-valid': ['config-invalid'],
  'token-overridden': ['token-here-refused'],
}

const distinct = (found: readonly Diagnosis[]): Diagnosis[] => {
  const ids = new Set(found.map(({id}) => id))
  const less = new Set([...ids].flatMap(id => supersedes[id] ?? []))
  const seen = new Set<string>()
  return found.filter(({id, title}) => {
    const isKnown = seen.has(id === 'gateway-stopped' || id === 'respawn-loop' ? id : `${id} ${title}`)
    seen.add(id === 'gateway-stopped' || id === 'respawn-loop' ? id : `${id} ${title}`)
    return !isKnown && !less.has(id)
  })
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
    ...liveTroubles(known),
    ...ofLog,
    ...ofService(findings, now),
    ...ofPlans(plans, now),
    ...ofProfiles(agents, now),
    ...ofCopies(copies, now),
    ...patterns(known),
  ]
  return distinct(inOrder(whenGone(found, {is, by})))
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
