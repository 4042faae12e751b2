import type {Continuation} from '../plans/continuation.ts'
import type {PlanFix} from '../plans/plan.ts'
import type {Problem} from './problem.ts'

/** What is known of our own plans: one that was cut off, and what keeps any plan from running. */
export type PlansState = {
  interrupted: {id: string; fix: PlanFix; at: number; next: Continuation; file: string} | null
  /** The folder of gatecrab cannot be written, and why. */
  unwritable: {folder: string; because: string} | null
}

const harms: Readonly<Record<Continuation['do'], Problem['harm']>> = {
  wait: 'soon',
  close: 'note',
  finish: 'broken',
  'roll-back': 'broken',
  again: 'broken',
  look: 'broken',
}

const interrupted = ({interrupted: cut}: PlansState): Problem[] =>
  cut === null
    ? []
    : [
        {
          id: 'plan-interrupted',
          layer: 'gateway',
          harm: harms[cut.next.do],
          title: `A plan of gatecrab was cut off: ${cut.fix}`,
          because: `${cut.id} has no end, and its process is gone. ${cut.next.words}`,
          tryThis: `gatecrab journals --continue ${cut.id}`,
          since: cut.at,
          count: 1,
          sure: 'certain',
          evidence: [],
          see: [cut.file],
        },
      ]

const unwritable = ({unwritable: place}: PlansState, now: number): Problem[] =>
  place === null
    ? []
    : [
        {
          id: 'plans-unwritable',
          layer: 'lifecycle',
          harm: 'soon',
          title: 'No plan can run: the folder of gatecrab cannot be written',
          because: `${place.folder}: ${place.because}. A plan runs only where its journal can be kept.`,
          tryThis: 'Make room there, or name another folder with GATECRAB_STATE_DIR.',
          since: now,
          count: 1,
          sure: 'certain',
          evidence: [],
          see: [place.folder],
        },
      ]

export const ofPlans = (plans: PlansState | null, now: number): Problem[] =>
  plans === null ? [] : [...interrupted(plans), ...unwritable(plans, now)]
