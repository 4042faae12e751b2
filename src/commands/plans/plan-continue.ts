import type {Refusal} from '../../domain/plans/fix.ts'
import {closePlan} from '../../domain/plans/fixes-continue.ts'
import {plannedIn} from '../../domain/plans/journal.ts'
import type {Continuation} from '../../domain/plans/journal-continuation.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {Kept} from '../../sources/plans/journals.ts'
import {backupFolder, planId, type StatePlaces} from '../../sources/plans/journals-place.ts'
import type {Given} from '../flags.ts'
import {makeContinuation} from './plan-make.ts'
import {pastOf} from './plan-past.ts'

type Cut = {places: StatePlaces; kept: Kept; next: Continuation}

const closing = ({places, next}: Cut, plan: Plan): Plan => {
  const id = planId('clean-up', Date.now())
  return closePlan(plan, {id, backups: backupFolder(places, id), words: next.words, changed: next.do === 'again'})
}

/** The plan that does the one right thing with one that was cut off; null where nothing can be done but to wait, or to look. */
export const continuationOf = async (cut: Cut, given: Given): Promise<Plan | Refusal | null> => {
  const {places, kept, next} = cut
  const plan = plannedIn(kept.entries)?.plan
  if (!plan || next.do === 'wait' || next.do === 'look') return null
  const past = next.do === 'finish' || next.do === 'roll-back' ? pastOf(places, kept) : null
  if (past === null || (next.do !== 'finish' && next.do !== 'roll-back')) return closing(cut, plan)
  return (await makeContinuation(given, plan.gateway, past, next.do)).made
}
