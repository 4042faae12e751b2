import type {LiveNow} from '../../domain/live/live-state.ts'
import type {LogSource} from '../../domain/log-source.ts'
import type {TimelineEvent} from '../../domain/timeline/timeline.ts'
import type {AcceptedToken, TokenCopy} from '../../domain/token/copy.ts'
import type {TokenProblem} from '../../domain/token/token-problems.ts'
import type {World} from '../../domain/world/world.ts'
import type {ProfilesRead} from '../logins/profiles-read.ts'
import type {Filter} from '../rows/filter.ts'
import type {LogLines} from '../rows/log-lines.ts'

/** What was read of the token's copies, and when. */
export type CopiesView = {
  enforced: AcceptedToken
  copies: readonly TokenCopy[]
  tokenProblems: readonly TokenProblem[]
  at: number
}

/** What the panels read. The state has it, and knows the panels; a panel knows nothing of the state. */
export type PanelInput = {
  kind: 'live' | 'demo' | 'replay'
  now: number
  world: World
  log: LogLines
  filter: Filter
  hidesExpected: boolean
  /** The lines behind a row; null lines: all of them, at the place of one. */
  evidence: {lines: ReadonlySet<string> | null} | null
  sources: readonly LogSource[]
  profiles: ProfilesRead | null
  copies: CopiesView | null
  /** Facts from sources other than the logs; null when only logs are read. */
  live: LiveNow | null
  /** What happened beside the log: who changed it, the host's sleeps, what no line tells. */
  externalEvents: {changes: readonly TimelineEvent[]; host: readonly TimelineEvent[]; gatewayStatus: readonly TimelineEvent[]}
  /** Since when it is asked who is back; null where the board is closed. */
  boardSince: number | null
}
