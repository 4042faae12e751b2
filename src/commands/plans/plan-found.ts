import type {Store} from '../../app/store.ts'
import {clock} from '../../app/words.ts'
import {hourMs} from '../../domain/durations.ts'
import {isRefusal} from '../../domain/plans/fix.ts'
import {type Entry, endIn, plannedIn} from '../../domain/plans/journal.ts'
import {followEntries, type Kept, listJournals} from '../../sources/plans/journals.ts'
import {type StatePlaces, statePlaces} from '../../sources/plans/journals-place.ts'
import {isAlive} from '../../sources/plans/plan-lock-owner.ts'
import type {Given} from '../flags.ts'
import type {Where} from '../known/where.ts'
import {continuationOf} from './plan-continue.ts'
import {isOf, whatNext} from './plan-past.ts'
import {gatewayKey} from './plan-target.ts'

const isFresh = (at: string, now: number): boolean => now - Date.parse(at) < hourMs

const outcomes = {done: 'is done', undone: 'did not work and was put back', failed: 'failed'} as const

/** How the last plan ended, for whoever was not there to see it. */
const endedWords = ({entries}: Kept): string | null => {
  const plan = plannedIn(entries)?.plan
  const end = endIn(entries)
  if (!plan || !end || !isFresh(end.at, Date.now())) return null
  return `${plan.fix} of ${clock(Date.parse(end.at))} ${outcomes[end.outcome]}; gatecrab journals tells how`
}

type Finding = {given: Given; store: Store; places: StatePlaces; signal: AbortSignal}

/** A plan that runs without us is watched again; meanwhile it may be put away. */
const watchAgain = async ({store, places, signal}: Finding, {id, entries}: Kept): Promise<void> => {
  const planned = plannedIn(entries)
  if (!planned) return
  const told: Entry[] = []
  const isWritten = (): boolean => isAlive(planned.runner)
  store.dispatch({type: 'plan-found', plan: planned.plan, entries})
  await followEntries(
    places,
    id,
    entry => {
      told.push(entry)
      store.dispatch({type: 'plan-told', entries: [...told]})
    },
    {isWritten, signal},
  )
}

const offer = async ({given, store, places}: Finding, kept: Kept): Promise<void> => {
  const next = whatNext(places, kept)
  const made = next && (await continuationOf({places, kept, next}, given))
  if (next === null) return
  if (made === null) store.dispatch({type: 'told', text: `${kept.id} was cut off: ${next.words}`})
  else if (isRefusal(made))
    store.dispatch({type: 'failed', problem: {...made.refused, title: `${kept.id} was cut off. ${made.refused.title}`}})
  else store.dispatch({type: 'plan-found', plan: made, entries: []})
}

const findPlans = async (given: Given, {around, configFile}: Where, store: Store, signal: AbortSignal): Promise<void> => {
  const places = statePlaces(around)
  const finding = {given, store, places, signal}
  const mine = listJournals(places).filter(kept => isOf(gatewayKey(configFile), kept))
  const open = mine.find(({entries}) => endIn(entries) === null)
  const runner = open && plannedIn(open.entries)?.runner
  if (open && runner && isAlive(runner)) return watchAgain(finding, open)
  if (open && runner) return offer(finding, open)
  const rotated = mine.find(({entries}) => endIn(entries)?.outcome === 'done' && plannedIn(entries)?.plan.fix === 'rotate')
  if (rotated) store.dispatch({type: 'rotation-recalled', entries: rotated.entries})
  const words = mine[0] && endedWords(mine[0])
  if (words) store.dispatch({type: 'told', text: words})
}

/** What became of the plans on this gateway while nobody looked: one runs, one was cut off and has one right way on, the last one ended. */
export const recallPlans = (given: Given, where: Where, store: Store, signal: AbortSignal): void => {
  findPlans(given, where, store, signal).catch(error => {
    const because = error instanceof Error ? error.message : String(error)
    store.dispatch({type: 'failed', problem: {title: 'The journals of earlier plans cannot be read', because, from: 'us'}})
  })
}
