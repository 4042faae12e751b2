import type {LiveStatus} from './assessment.ts'
import type {Options} from './options.ts'
import type {Snapshot} from './snapshot.ts'

type Seen = Pick<Snapshot, 'context' | 'files' | 'reach' | 'sources'>

/** What is named is looked for, and its absence is a problem. */
const isUnnamed = ({url, logs, now}: Options): boolean => url === null && logs.length === 0 && now === null

/** No trace of a gateway on this host: then there is nothing that could be broken. */
export const isNowhere = ({context, files, reach, sources}: Seen, live: LiveStatus): boolean =>
  !context.hasConfig &&
  context.release === null &&
  context.remote === null &&
  !context.options.container &&
  files.length === 0 &&
  !sources.some(({state}) => state === 'left-out') &&
  (reach.state === 'down' || reach.state === 'unknown') &&
  isUnnamed(context.options) &&
  (live?.service?.facts.supervisors.length ?? 0) === 0
