import type {Given} from '../flags.ts'
import type {HeardBeside} from './judgement.ts'
import type {Looked} from './known.ts'

/** These name a gateway, or logs: what they name is looked for, and its absence is a problem. */
const naming: readonly string[] = ['url', 'log', 'now']

type Seen = Pick<Looked, 'where' | 'files' | 'reach' | 'sources'>

/** No trace of a gateway on this host: then there is nothing that could be broken. */
export const isNowhere = (given: Given, {where, files, reach, sources}: Seen, heard: HeardBeside): boolean =>
  !where.hasConfig &&
  where.release === null &&
  where.remote === null &&
  !given.container &&
  files.length === 0 &&
  !sources.some(({state}) => state === 'left-out') &&
  (reach.state === 'down' || reach.state === 'unknown') &&
  naming.every(flag => given.text(flag) === null && given.list(flag).length === 0) &&
  (heard?.service?.facts.supervisors.length ?? 0) === 0
