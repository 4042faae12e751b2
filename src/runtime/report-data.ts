import type {Assessment} from '../domain/diagnosis/assessment.ts'
import type {LiveNow} from '../domain/live/live-state.ts'
import type {TimelineEvent} from '../domain/timeline/timeline.ts'
import type {TokenCopy} from '../domain/token/copy.ts'
import type {World} from '../domain/world/world.ts'
import type {JournalRecord} from '../sources/plans/journals.ts'

/** All contents of a report, from any source. Null: not read. */
export type ReportData = {
  world: World
  now: number
  since: number
  release: string | null
  port: number
  /** What the port answered. */
  reach: string | null
  files: readonly string[]
  /** Packed archives that were not read, and may tell of the time that is asked for. */
  packed?: readonly string[]
  assessment: Assessment
  /** The token that the gateway is known to take, or should take. */
  enforced: string | null
  live: LiveNow | null
  copies: readonly TokenCopy[] | null
  /** The whole timeline, that of the log and what lies beside it, in order. */
  timeline: readonly TimelineEvent[]
  plans: readonly JournalRecord[]
}
