import {nameOf} from '../app/client-rows.ts'
import type {Effect} from '../app/effect.ts'
import type {Store} from '../app/store.ts'
import {addressOf} from '../domain/attempt.ts'
import {isRefusal} from '../domain/fix.ts'
import type {Entry} from '../domain/journal.ts'
import type {GatewayFix, Plan} from '../domain/plan.ts'
import type {Problem} from '../domain/problem.ts'
import {statePlaces} from '../sources/journals-place.ts'
import {startPlan} from '../sources/runner-start.ts'
import {surroundings} from '../sources/surroundings.ts'
import {isProblem} from './command.ts'
import type {Given} from './flags.ts'
import {makePlan} from './plan-make.ts'

const ofUs = (title: string, error: unknown): Problem => ({
  title,
  because: error instanceof Error ? error.message : String(error),
  from: 'us',
})

const clientsIn = (store: Store): string[] =>
  Array.from(store.state().world.clients.values())
    .filter(client => client.open.size > 0)
    .map(client => [nameOf(client), addressOf(client)].filter(Boolean).join(' from '))

const lost: Problem = {
  title: 'The plan was cut off',
  because: 'its process is gone, and its journal has no end',
  tryThis: 'gatecrab journals shows the one right way on',
  from: 'us',
}

/** Makes plans for the screen, starts them in their own process, and follows their journals. */
export const planFeed = (given: Given, store: Store, onChanged: () => void): ((effect: Effect) => void) => {
  const refuse = (problem: Problem): void => store.dispatch({type: 'plan-refused', problem})

  const make = async (fix: GatewayFix): Promise<void> => {
    const {made} = await makePlan(fix, given, clientsIn(store))
    if (isRefusal(made)) refuse(made.refused)
    else if (made.steps.length === 0) refuse({title: made.title, because: made.notes.join(' '), from: 'gateway'})
    else store.dispatch({type: 'plan-made', plan: made})
  }
  const run = async (plan: Plan): Promise<void> => {
    const started = await startPlan(plan, statePlaces(surroundings()))
    if (isProblem(started)) return refuse(started)
    const entries: Entry[] = []
    const how = await started.follow(entry => {
      entries.push(entry)
      store.dispatch({type: 'plan-told', entries: [...entries]})
    })
    onChanged()
    if (how === 'lost') refuse(lost)
  }
  return effect => {
    if (effect.type === 'make-plan') make(effect.fix).catch(error => refuse(ofUs('No plan could be made', error)))
    if (effect.type === 'run-plan') run(effect.plan).catch(error => refuse(ofUs('The plan could not be run', error)))
  }
}
