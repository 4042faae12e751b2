import type {DeviceStore} from '../devices/device.ts'
import {type GatewayNow, gatewayNow} from '../live/gateway-now.ts'
import type {Reach} from '../live/listener.ts'
import {isAnswering, type LiveNow} from '../live/live-state.ts'
import type {LogSource} from '../log-source.ts'
import type {AgentReport} from '../logins/profile-report.ts'
import {serviceFindings} from '../service/findings.ts'
import type {ServiceFacts, Supervisor} from '../service/service.ts'
import type {World} from '../world/world.ts'
import {channelProblems, secretProblems} from './channel-problems.ts'
import {type ConfigValidation, configProblems, isRepaired} from './config-problems.ts'
import {deviceProblems} from './device-problems.ts'
import {liveProblems} from './live-problems.ts'
import {diagnose} from './log-problems.ts'
import {disabledLogins, loginProblems} from './login-problems.ts'
import {findPatterns} from './patterns.ts'
import {ofPlans, type PlansState} from './plan-problems.ts'
import {type Harm, harms, type LogInputs, type Problem, sortProblems} from './problem.ts'
import {type CopiesStatus, copiesApart, copyProblems, isOwnTokenExplained, toProblems} from './token-and-login-problems.ts'

type Table = Readonly<Record<string, readonly string[]>>

/** What says more of the same fact goes before what says less. */
const saysMore: Table = {
  'gateway-killed': ['service-stopped', 'gateway-stopped', 'gateway-down', 'gateway-unreachable'],
  'gateway-frozen': ['gateway-stopped', 'gateway-down', 'gateway-unreachable'],
  'gateway-stopped': ['gateway-down', 'gateway-unreachable', 'service-stopped'],
  'gateway-starting': ['service-stopped', 'service-not-loaded', 'service-disabled'],
  'service-stopped': ['gateway-down', 'gateway-unreachable'],
  'service-disabled': ['gateway-stopped', 'gateway-down', 'gateway-killed', 'gateway-unreachable'],
  'service-not-loaded': ['gateway-stopped', 'gateway-down', 'gateway-killed', 'gateway-unreachable'],
  'service-starting': ['gateway-stopped', 'gateway-down', 'gateway-killed', 'gateway-unreachable', 'gateway-starting'],
  'service-stopping': ['gateway-stopped', 'gateway-down', 'gateway-killed', 'gateway-unreachable'],
  'foreign-listener': ['gateway-down', 'gateway-unreachable', 'gatecrab-refused', 'beside-the-service', 'no-supervisor'],
  'service-refused-by-system': ['service-not-loaded'],
  'two-supervisors': ['respawn-loop'],
  'config-not-valid': ['config-invalid'],
  'token-overridden': ['token-here-refused', 'token-in-the-service'],
}

const ends = ['gateway-killed', 'gateway-stopped', 'gateway-down', 'gateway-unreachable', 'service-stopped'] as const

/** What follows from a cause is no problem of its own: its title stands in the reason of the cause, and mending that ends both. */
const follows: Table = {
  'foreign-listener': [...ends, 'respawn-loop'],
  'config-invalid': [...ends, 'service-not-loaded'],
  'config-not-valid': [...ends, 'service-not-loaded'],
  'respawn-loop': ['gateway-killed', 'gateway-down', 'gateway-unreachable', 'service-stopped', 'beside-the-service'],
  'service-refused-by-system': ends,
  'service-out-of-memory': ends,
  'event-loop-busy': ['handshake-timeout'],
  'token-in-the-start-command': ['token-overridden'],
}

/** Of these one is enough, whoever else tells it in other words. */
const onceById: readonly string[] = ['gateway-stopped', 'respawn-loop']

const nameOf = ({id, title, about = ''}: Problem): string => (onceById.includes(id) ? id : `${id} ${title} ${about}`)

const isWorse = (a: Problem, b: Problem): boolean => harms.indexOf(a.harm) < harms.indexOf(b.harm)

/** Clients that are refused are more than a warning, whatever the cause is called. */
const takesHarm: readonly string[] = ['event-loop-busy']

const canCause = (cause: Problem, found: Problem): boolean =>
  cause !== found && (follows[cause.id] ?? []).includes(found.id) && (takesHarm.includes(cause.id) || !isWorse(found, cause))

const withConsequences = (cause: Problem, found: readonly Problem[]): Problem => {
  const mine = found.filter(one => canCause(cause, one))
  if (mine.length === 0) return cause
  const worst = [cause, ...mine].reduce((a, b) => (isWorse(b, a) ? b : a))
  const titles = new Set(mine.map(({title}) => title))
  const because = [cause.because.replace(/([^.])$/, '$1.'), ...Array.from(titles, title => `${title}.`)].filter(Boolean).join(' ')
  return {...cause, harm: worst.harm, because}
}

/** Each fact once, by whoever says most of it, with what follows from it. */
const eachFactOnce = (found: readonly Problem[]): Problem[] => {
  const ids = new Set(found.map(({id}) => id))
  const less = new Set([...ids].flatMap(id => saysMore[id] ?? []))
  const apart = found.filter((one, at) => !less.has(one.id) && found.findIndex(other => nameOf(other) === nameOf(one)) === at)
  return apart.filter(one => !apart.some(cause => canCause(cause, one))).map(cause => withConsequences(cause, apart))
}

/** They say that the gateway is reachable, or that somebody is in. */
const ofLiving: ReadonlySet<string> = new Set(['scope-missing', 'only-from-elsewhere', 'two-identities'])

/** A log whose last word is an orderly stop tells as much as a port where nobody listens. */
const isGone = ({is}: Pick<GatewayNow, 'is'>): boolean => is === 'killed' || is === 'stopped' || is === 'foreign'

/** A gateway that is gone is reached by nobody and refuses nobody: what was so before it ended is worth knowing, and not broken now. */
const whenGone = (found: readonly Problem[], gateway: Pick<GatewayNow, 'is'>): Problem[] => {
  const gone = isGone(gateway)
  return found
    .filter(({id}) => !gone || !ofLiving.has(id))
    .map(({titleWhenGone, ...one}) => (gone && titleWhenGone !== undefined ? {...one, harm: 'note', title: titleWhenGone} : one))
}

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
  /** The gateway's own store of devices. */
  devices?: DeviceStore | null
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
  devices = null,
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
    ...deviceProblems(devices, now),
    ...loginProblems(agents, now, world, logins),
    ...disabledLogins(logins, now),
    ...channelProblems({world, now, reach}),
    ...secretProblems({world}),
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
