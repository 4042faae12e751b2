import type {Continuation} from '../../domain/plans/continuation.ts'
import {closePlan} from '../../domain/plans/continue.ts'
import {plannedEntry} from '../../domain/plans/journal.ts'
import type {Refusal} from '../../domain/plans/make-plan.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {JournalRecord} from '../../sources/plans/journals.ts'
import {backupFolder, planId, type StatePlaces} from '../../sources/plans/journals-folder.ts'
import type {GatewayContext} from '../context.ts'
import {makeContinuation} from './make.ts'
import {previousPlanOf} from './previous.ts'

type Cut = {places: StatePlaces; record: JournalRecord; next: Continuation}

const closing = ({places, next}: Cut, plan: Plan): Plan => {
  const id = planId('clean-up', Date.now())
  return closePlan(plan, {id, backups: backupFolder(places, id), words: next.words, changed: next.do === 'again'})
}

/** The plan that continues or undoes an interrupted one; null if there is only waiting or checking by hand. */
export const continuationOf = async (cut: Cut, context: GatewayContext): Promise<Plan | Refusal | null> => {
  const {places, record, next} = cut
  const plan = plannedEntry(record.entries)?.plan
  if (!plan || next.do === 'wait' || next.do === 'look') return null
  const previous = next.do === 'finish' || next.do === 'roll-back' ? previousPlanOf(places, record) : null
  if (previous === null || (next.do !== 'finish' && next.do !== 'roll-back')) return closing(cut, plan)
  return (await makeContinuation(context, plan.gateway, previous, next.do)).made
}
