import type {Store} from '../../app/store.ts'
import {clock} from '../../app/words.ts'
import {hourMs} from '../../domain/durations.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import type {Continuation} from '../../domain/plans/continuation.ts'
import {closePlan} from '../../domain/plans/continue.ts'
import {type Entry, endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import {isRefusal, type Refusal} from '../../domain/plans/make-plan.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {followEntries, type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import {backupFolder, planId, type StatePlaces, statePlaces} from '../../sources/plans/journals-folder.ts'
import {isAlive} from '../../sources/process-start.ts'
import type {GatewayContext} from '../context.ts'
import {makeContinuation} from './make.ts'
import {isOf, previousPlanOf, whatNext} from './previous.ts'
import {gatewayKey} from './target.ts'

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

const isFresh = (at: string, now: number): boolean => now - Date.parse(at) < hourMs

/** It changed which token clients need. */
const isRotation = (entries: readonly Entry[]): boolean => {
  const fix = plannedEntry(entries)?.plan.fix
  return fix === 'rotate' || fix === 'put-back'
}

const outcomes = {done: 'is done', undone: 'did not work and was put back', failed: 'failed'} as const

/** How the last plan ended, if it ended while no screen was open. */
const describeEnd = ({entries}: JournalRecord): string | null => {
  const plan = plannedEntry(entries)?.plan
  const end = endEntry(entries)
  if (!plan || !end || !isFresh(end.at, Date.now())) return null
  return `${plan.fix} of ${clock(Date.parse(end.at))} ${outcomes[end.outcome]}; gatecrab journals tells how`
}

type ResumeContext = {context: GatewayContext; store: Store; places: StatePlaces; signal: AbortSignal}

/** Reattaches to a plan that is still running; it can be sent to the background. */
const watchAgain = async ({store, places, signal}: ResumeContext, {id, entries}: JournalRecord): Promise<void> => {
  const planned = plannedEntry(entries)
  if (!planned) return
  const shownEntries: Entry[] = []
  const isWritten = (): boolean => isAlive(planned.runner)
  store.dispatch({type: 'plan-found', plan: planned.plan, entries})
  await followEntries(
    places,
    id,
    entry => {
      shownEntries.push(entry)
      store.dispatch({type: 'plan-entries-read', entries: [...shownEntries]})
    },
    {isWritten, signal},
  )
}

const offer = async ({context, store, places}: ResumeContext, record: JournalRecord): Promise<void> => {
  const next = whatNext(places, record)
  const made = next && (await continuationOf({places, record: record, next}, context))
  if (next === null) return
  if (made === null) store.dispatch({type: 'notified', text: `${record.id} was cut off: ${next.words}`})
  else if (isRefusal(made))
    store.dispatch({type: 'failed', problem: {...made.refused, title: `${record.id} was cut off. ${made.refused.title}`}})
  else store.dispatch({type: 'plan-found', plan: made, entries: []})
}

const findPlans = async (context: GatewayContext, store: Store, signal: AbortSignal): Promise<void> => {
  const {hostEnv, configFile} = context
  const places = statePlaces(hostEnv)
  const finding = {context, store, places, signal}
  const mine = listJournals(places).filter(record => isOf(gatewayKey(configFile), record))
  const open = mine.find(({entries}) => endEntry(entries) === null)
  const runner = open && plannedEntry(open.entries)?.runner
  if (open && runner && isAlive(runner)) return watchAgain(finding, open)
  if (open && runner) return offer(finding, open)
  const rotated = mine.find(({entries}) => endEntry(entries)?.outcome === 'done' && isRotation(entries))
  if (rotated) store.dispatch({type: 'rotation-recalled', entries: rotated.entries})
  const words = mine[0] && describeEnd(mine[0])
  if (words) store.dispatch({type: 'notified', text: words})
}

/** Resumes the plans on this gateway: reattaches to a running one, offers to continue an interrupted one, or reports how the last one ended. */
export const resumePlans = (context: GatewayContext, store: Store, signal: AbortSignal): void => {
  findPlans(context, store, signal).catch(error => {
    store.dispatch({type: 'failed', problem: unexpectedFailure('The journals of earlier plans cannot be read', error)})
  })
}
