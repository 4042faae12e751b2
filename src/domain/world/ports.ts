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
