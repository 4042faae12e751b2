import type {Refusal} from '../../domain/plans/fix.ts'
import {closePlan} from '../../domain/plans/fixes-continue.ts'
import {plannedEntry} from '../../domain/plans/journal.ts'
import type {Continuation} from '../../domain/plans/journal-continuation.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {JournalRecord} from '../../sources/plans/journals.ts'
import {backupFolder, planId, type StatePlaces} from '../../sources/plans/journals-place.ts'
import type {Args} from '../flags.ts'
import {makeContinuation} from './plan-make.ts'
import {previousPlanOf} from './plan-past.ts'

type Cut = {places: StatePlaces; record: JournalRecord; next: Continuation}

const closing = ({places, next}: Cut, plan: Plan): Plan => {
  const id = planId('clean-up', Date.now())
  return closePlan(plan, {id, backups: backupFolder(places, id), words: next.words, changed: next.do === 'again'})
}

/** The plan that does the one right thing with one that was cut off; null where nothing can be done but to wait, or to look. */
export const continuationOf = async (cut: Cut, args: Args): Promise<Plan | Refusal | null> => {
  const {places, record, next} = cut
  const plan = plannedEntry(record.entries)?.plan
  if (!plan || next.do === 'wait' || next.do === 'look') return null
  const previous = next.do === 'finish' || next.do === 'roll-back' ? previousPlanOf(places, record) : null
  if (previous === null || (next.do !== 'finish' && next.do !== 'roll-back')) return closing(cut, plan)
  return (await makeContinuation(args, plan.gateway, previous, next.do)).made
}
