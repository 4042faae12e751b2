import type {GatewayEvent} from '../attempts/event.ts'

const zero = '0'.charCodeAt(0)

/** Read from its end: each of a million attempts has an endpoint. */
export const portOf = (endpoint: string): number | null => {
  let port = 0
  for (let at = endpoint.length - 1, ten = 1; at >= 0; at -= 1, ten *= 10) {
    const digit = endpoint.charCodeAt(at) - zero
    if (digit === 10 && port > 0) return port
    if (digit < 0 || digit > 9) return null
    port += digit * ten
  }
  return null
}

/** Two gateways may write into one log: the port of the endpoint tells whose socket it was, where a line has one. */
export const isOfAnother = (event: GatewayEvent | null, ownPort: number): boolean => {
  if (event === null || !('facts' in event)) return false
  const port = portOf(event.endpoint ?? '')
  return port !== null && port !== ownPort
}

/** The gateways that write into the same log, as `:PORT`. */
export const otherPorts = (ports: ReadonlySet<number>, ownPort: number | null): string[] =>
  Array.from(ports).flatMap(port => (port === ownPort ? [] : `:${port}`))

/**
 * The port whose sockets alone count, where several gateways write into the logs. Only one at which a program listens here and that
 * has sockets of its own in them: behind a mapped port the log knows the gateway by another one.
 */
export const ownPortIn = (ports: ReadonlySet<number>, port: number | null, isListening: boolean): number | null =>
  isListening && ports.size > 1 && port !== null && ports.has(port) ? port : null

/** What the lines of a log say of the gateway that wrote them, whenever that was. */
export type LogWriters = {ports: Set<number>; starts: number[]}

export const createLogWriters = (): LogWriters => ({ports: new Set(), starts: []})

const maxStarts = 1000

/** Changed in place: each line of a log comes by. */
export const recordWriter = ({ports, starts}: LogWriters, {at, event}: {at: number; event: GatewayEvent | null}): void => {
  if (event === null) return
  if ('facts' in event) {
    const port = portOf(event.endpoint ?? '')
    if (port !== null) ports.add(port)
    return
  }
  const isStart = event.kind === 'gateway-starting' || event.kind === 'gateway-listening' || event.kind === 'gateway-ready'
  if (isStart && starts.length < maxStarts) starts.push(at)
  if (event.kind === 'gateway-listening' && event.port !== null) ports.add(event.port)
}

/** The gateway that is meant, as the system shows it now. */
export type RunningGateway = {port: number; pid: number | null; since: number | null}

/** A process is there before it says that it starts, and on a busy host long before it listens. */
const earlyMs = 10_000
const lateMs = 10 * 60_000

/**
 * Why a log in a default folder is not that of the gateway which runs; null where it may be. Other gateways write there, too, and so does
 * each command: by the port of its sockets, or by a start that is missing, it is known to be another's.
 */
export const whyOfAnother = (
  {ports, starts}: LogWriters,
  {port, pid, since}: RunningGateway,
  firstLineAt: number | null,
): string | null => {
  if (ports.size > 0 && !ports.has(port))
    return `it was written by a gateway on port ${[...ports].join(' and ')}, and this one listens on ${port}`
  if (ports.has(port) || since === null || firstLineAt === null || firstLineAt > since - earlyMs) return null
  const isExplained = starts.some(at => at > since - earlyMs && at < since + lateMs)
  const who = pid === null ? 'the gateway that listens' : `the gateway that listens (pid ${pid})`
  return isExplained ? null : `${who} began at ${new Date(since).toISOString()}, and no start of that time is in it`
}
