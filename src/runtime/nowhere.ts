import type {LiveStatus} from '../cli/assessment.ts'
import type {Args} from '../cli/options.ts'
import type {Snapshot} from './snapshot.ts'

/** These name a gateway, or logs: what they name is looked for, and its absence is a problem. */
const naming: readonly string[] = ['url', 'log', 'now']

type Seen = Pick<Snapshot, 'context' | 'files' | 'reach' | 'sources'>

/** No trace of a gateway on this host: then there is nothing that could be broken. */
export const isNowhere = (args: Args, {context, files, reach, sources}: Seen, received: LiveStatus): boolean =>
  !context.hasConfig &&
  context.release === null &&
  context.remote === null &&
  !args.container &&
  files.length === 0 &&
  !sources.some(({state}) => state === 'left-out') &&
  (reach.state === 'down' || reach.state === 'unknown') &&
  naming.every(flag => args.value(flag) === null && args.values(flag).length === 0) &&
  (received?.service?.facts.supervisors.length ?? 0) === 0
