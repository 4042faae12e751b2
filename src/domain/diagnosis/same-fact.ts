import {harms, type Problem} from './problem.ts'

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
export const eachFactOnce = (found: readonly Problem[]): Problem[] => {
  const ids = new Set(found.map(({id}) => id))
  const less = new Set([...ids].flatMap(id => saysMore[id] ?? []))
  const apart = found.filter((one, at) => !less.has(one.id) && found.findIndex(other => nameOf(other) === nameOf(one)) === at)
  return apart.filter(one => !apart.some(cause => canCause(cause, one))).map(cause => withConsequences(cause, apart))
}
