import {connectedNow} from '../../app/connected.ts'
import type {FeedHandlers, RenewalRequest} from '../../app/effect.ts'
import type {Lend} from '../../app/feed.ts'
import type {Store} from '../../app/store.ts'
import {type Failure, isFailure, unexpectedFailure} from '../../domain/failure.ts'
import type {DeviceRequest} from '../../domain/plans/devices/facts.ts'
import {type Entry, endEntry} from '../../domain/plans/journal.ts'
import {isRefusal, type Refusal} from '../../domain/plans/make-plan.ts'
import type {GatewayFix, Plan} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {type RunnerInputs, startPlan} from '../../sources/plans/runner-start.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import type {GatewayContext} from '../context.ts'
import {journalLines, lostProblem} from './journal-lines.ts'
import {makePlan} from './make.ts'
import {makeDevicePlan} from './make-device.ts'
import {makeRenewal} from './make-renewal.ts'
import {busyWith, cutOffPlan, whatNext} from './previous.ts'
import {continuationOf} from './resume.ts'
import {gatewayKey} from './target.ts'

/** Where a plan that was cut off stands in the way, what is offered is its one right way on. */
const instead = async (context: GatewayContext): Promise<Plan | Refusal | null> => {
  const places = statePlaces(context.hostEnv)
  const key = gatewayKey(context.configFile)
  const record = busyWith(places, key) === null ? cutOffPlan(places, key) : null
  const next = record && whatNext(places, record)
  return record && next && continuationOf({places, record: record, next}, context)
}

type PlanHandlers = Pick<FeedHandlers, 'make-plan' | 'make-renewal' | 'make-device-plan' | 'run-plan' | 'list-journals'>

/** Makes plans for the screen, starts them in their own process, and follows their journals. The gateway may have moved since the screen was opened. */
export const planFeed = (locate: () => GatewayContext, store: Store, lend: Lend, onChanged: () => void): PlanHandlers => {
  const places = statePlaces(readHostEnv())
  const refuse = (problem: Failure): void => store.dispatch({type: 'plan-refused', problem})

  const make = async (fix: GatewayFix): Promise<void> => {
    const context = locate()
    const first = (await makePlan(fix, context, {clients: connectedNow(store.state())})).made
    const made = isRefusal(first) ? ((await instead(context)) ?? first) : first
    if (isRefusal(made)) refuse(made.refused)
    else if (made.steps.length === 0) refuse({title: made.title, because: made.notes.join(' '), from: 'gateway'})
    else store.dispatch({type: 'plan-made', plan: made})
  }
  const renew = async (request: RenewalRequest): Promise<void> => {
    const made = await makeRenewal({...request, validFor: null}, locate())
    if (isRefusal(made)) refuse(made.refused)
    else store.dispatch({type: 'plan-made', plan: made})
  }
  const changeDevice = async (request: DeviceRequest): Promise<void> => {
    const made = await makeDevicePlan(request, locate())
    if (isRefusal(made)) refuse(made.refused)
    else store.dispatch({type: 'plan-made', plan: made})
  }
  const follow = async (plan: Plan, runnerInputs: RunnerInputs): Promise<Entry[]> => {
    const started = await startPlan(plan, places, runnerInputs)
    const entries: Entry[] = []
    if (isFailure(started)) {
      refuse(started)
      return entries
    }
    const how = await started.follow(entry => {
      entries.push(entry)
      store.dispatch({type: 'plan-entries-read', entries: [...entries]})
    })
    onChanged()
    if (how === 'lost') refuse(await lostProblem(started, entries))
    if (runnerInputs.terminal) await started.gone
    return entries
  }
  /** A command that speaks with the person has the terminal; what it said last must not vanish unread. */
  const run = async (plan: Plan, secret: Secret | null): Promise<void> => {
    if (!plan.asks?.terminal) return void (await follow(plan, {secret}))
    await lend(async () => {
      const entries = await follow(plan, {terminal: {out: 'inherit'}})
      return endEntry(entries)?.outcome === 'done' ? undefined : 'keep-output'
    })
  }
  return {
    'make-plan': effect => void make(effect.fix).catch(error => refuse(unexpectedFailure('No plan could be made', error))),
    'make-renewal': effect =>
      void renew(effect.request).catch(error => refuse(unexpectedFailure('No plan could be made', error))),
    'make-device-plan': effect =>
      void changeDevice(effect.request).catch(error => refuse(unexpectedFailure('No plan could be made', error))),
    'run-plan': effect =>
      void run(effect.plan, effect.secret).catch(error => refuse(unexpectedFailure('The plan could not be run', error))),
    'list-journals': () => store.dispatch({type: 'journals-listed', lines: journalLines(places)}),
  }
}
