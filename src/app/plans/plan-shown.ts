import type {Failure} from '../../domain/failure.ts'
import type {Entry} from '../../domain/plans/journal.ts'
import type {Plan, PlanFix} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'

export type PlanViewName = 'summary' | 'whole' | 'manual'

/** Where what is typed goes. */
export type Field = 'secret' | 'life' | 'word'

/** A plan on the screen: shown, then followed by its journal. Nothing runs here. */
export type PlanShown = {
  fix: PlanFix
  /** Null while it is being made. */
  plan: Plan | null
  refused: Failure | null
  typed: string
  field: Field
  /** What was typed unseen; gone from here as soon as the plan runs. */
  secret: Secret | null
  entries: readonly Entry[]
  phase: 'making' | 'shown' | 'running' | 'ended'
  top: number
  /** Before it runs: what is to be decided on one screen, all of it with every command, or what is left for a person. */
  view: PlanViewName
}
