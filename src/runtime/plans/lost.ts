import type {Failure} from '../../domain/failure.ts'
import type {Entry} from '../../domain/plans/journal.ts'
import type {StartedPlan} from '../../sources/plans/runner-start.ts'

/** The process of a plan is gone, and its journal has no end; where the journal has no beginning either, nothing was done. */
export const lostProblem = async ({plan, gone}: StartedPlan, entries: readonly Entry[]): Promise<Failure> => {
  const because = await gone
  return entries.length === 0
    ? {
        title: 'The plan could not be started',
        because: because ?? 'its process ended before it began',
        tryThis: 'nothing was changed; make room on the disk, or raise `ulimit -n`, then run it again',
        from: 'us',
      }
    : {
        title: 'The process that ran the plan died before the plan ended',
        because: 'its journal has no end; what it had changed by then stands there',
        tryThis: `t on the screen, or \`gatecrab journals --continue ${plan.id}\`, finishes it or takes it back`,
        from: 'us',
      }
}
