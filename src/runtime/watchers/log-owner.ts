import type {LogEvent, LogLine} from '../../domain/attempts/event.ts'
import type {LogSource} from '../../domain/log-source.ts'
import {createLogWriters, recordWriter} from '../../domain/world/whose-log.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {every} from '../../sources/every.ts'
import {filesOf} from '../../sources/log/files.ts'
import {type GatewayContext, resolveContext} from '../context.ts'
import {isDefaultLog, logOfAnother, runningGateway} from '../log-owner.ts'

export type LogOwnerFeed = {
  /** False: these lines are another gateway's, and nothing of them counts. */
  isOurs: () => boolean
  /** Of all gateways that write into what is followed. */
  ports: () => ReadonlySet<number>
  record: (line: LogEvent | LogLine) => void
  /** Looks again at who listens. */
  judge: () => Promise<void>
  end: () => void
}

const againMs = 15_000

/** Whether the default log is this gateway's; of a log that was named nothing is asked. */
export const logOwnerFeed = (
  context: GatewayContext,
  places: readonly LogPlace[],
  onVerdict: (other: LogSource | null) => void,
): LogOwnerFeed => {
  const isAsked = isDefaultLog(context)
  const writers = createLogWriters()
  let other: LogSource | null = null
  let isEnded = false

  const checkOwner = async (): Promise<void> => {
    if (!isAsked) return
    const running = await runningGateway(resolveContext(context.options))
    const found = logOfAnother({writers, running, files: places.flatMap(filesOf), now: Date.now()})
    if (isEnded || found?.because === other?.because) return
    other = found
    onVerdict(found)
  }
  const stop = every(againMs, checkOwner)
  return {
    isOurs: () => other === null,
    ports: () => writers.ports,
    record: line => recordWriter(writers, line),
    judge: checkOwner,
    end: () => {
      isEnded = true
      stop()
    },
  }
}
