import type {Failure} from '../../domain/failure.ts'
import type {LogNames, Profile} from '../../domain/logins/profile.ts'
import type {AgentReport} from '../../domain/logins/profile-report.ts'

/** What was read of the logins at model providers, and when. */
export type ProfilesRead = {
  profiles: readonly Profile[]
  agents: readonly AgentReport[]
  problems: readonly Failure[]
  isWhole: boolean
  /** When the stores were read; states are re-evaluated as time passes. */
  at: number
  logNames: LogNames
}
