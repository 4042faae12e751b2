import {isLoopback} from '../domain/address.ts'
import type {LogSource} from '../domain/log-source.ts'
import {type LogWriters, type RunningGateway, whyOfAnother} from '../domain/world/whose-log.ts'
import {readListeners} from '../sources/live/listener-read.ts'
import {firstLineAt} from '../sources/log/first-line.ts'
import {gatewayAddress} from './address.ts'
import type {GatewayContext} from './context.ts'

/** A folder that nobody names for this gateway: whoever runs OpenClaw on this host writes there. */
export const isDefaultLog = ({options, places, remote}: GatewayContext): boolean =>
  options.logs.length === 0 &&
  options.url === null &&
  !options.container &&
  remote === null &&
  places.some(place => place.kind === 'daily' && place.owners !== null)

/** The gateway that is meant, where it runs now. */
export const runningGateway = async (context: GatewayContext): Promise<RunningGateway | null> => {
  const {host, port} = gatewayAddress(context)
  const seen = isLoopback(host) ? await readListeners(port) : {because: ''}
  const [listener] = 'listeners' in seen ? seen.listeners : []
  return listener ? {port, pid: listener.pid, since: listener.since} : null
}

type OwnerFacts = {writers: LogWriters; running: RunningGateway | null; files: readonly string[]; now: number}

/** The default log as one that is not this gateway's; null where it may be. */
export const logOfAnother = ({writers, running, files, now}: OwnerFacts): LogSource | null => {
  const [oldest] = files
  const because = running && oldest ? whyOfAnother(writers, running, firstLineAt(oldest, now)) : null
  if (because === null) return null
  return {
    name: files.at(-1) ?? '',
    state: 'of-another',
    because,
    tryThis: "Name this gateway's own log with --log; where it is written is said by `openclaw config get logging.file`.",
    lastLineAt: null,
  }
}
