import type {NewEntry, Outcome} from '../../domain/plans/journal.ts'
import type {Plan, Step} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {errorWords, isMachineError} from '../error-words.ts'
import {processIdentityOf} from '../process-start.ts'
import {openHasher} from './digest.ts'
import {endJournal, type Journal, nextSequence, openJournal} from './journals.ts'
import {makePlaces, type StatePlaces, statePlaces} from './journals-folder.ts'
import {acquireLock, isLock, type Lock, type LockHolder} from './lock.ts'
import {type RolledBack, rollBack} from './roll-back.ts'
import {sweepState} from './state-sweep.ts'
import {failed, redacted, type StepContext, type StepResult, secretsOf} from './step-context.ts'
import {doStep} from './steps.ts'

type End = Omit<Extract<NewEntry, {kind: 'ended'}>, 'kind'>

const createEnd = (outcome: Outcome, changed: boolean, because: string | null, more: Partial<End> = {}): End => ({
  outcome,
  changed,
  because,
  left: [],
  by: null,
  unknown: false,
  ...more,
})

type RunInputs = {
  plan: Plan
  hostEnv: HostEnv
  places: StatePlaces
  journal: Journal
  given: Secret | null
  stop: AbortSignal
  begun: (context: StepContext) => void
  step: () => string
}

const createStepContext = ({plan, hostEnv, places, journal, given: secret, stop, step}: RunInputs): StepContext => {
  const context: StepContext = {
    plan,
    hostEnv,
    hasher: openHasher(places.key),
    old: null,
    next: null,
    extraSecrets: secret === null ? [] : [secret],
    givenSecret: secret,
    logins: null,
    process: null,
    changed: false,
    isOurCommand: false,
    wroteElsewhere: false,
    stop,
    say: (text, {child = null, mark: digest = null} = {}) => {
      const entry = {kind: 'step-said', step: step(), text: redacted(text, secretsOf(context)), child, mark: digest} as const
      journal.write(entry)
    },
    prove: (what, ok) => void journal.write({kind: 'proved', step: step(), what, ok}),
    recordUndone: (what, ok) => void journal.write({kind: 'undone', step: step(), what, ok}),
  }
  return context
}

const neverStopped = (): AbortSignal => new AbortController().signal

const askedToEnd = 'it was asked to end (SIGTERM)'

type Running = {hand: StepContext; journal: Journal; lock: Lock; at: {step: string}}

/** ENOSPC and EMFILE are not bugs of ours. */
const unexpected = (error: unknown): string =>
  isMachineError(error) ? errorWords(error) : `a bug of ours: ${error instanceof Error ? error.message : String(error)}`

/** A bug in a step must not leave a plan half done. */
const guarded = async (work: () => Promise<StepResult>): Promise<StepResult> => {
  try {
    return await work()
  } catch (error) {
    return failed(unexpected(error))
  }
}

const runRecorded = async (
  {hand: context, journal, at}: Running,
  id: string,
  work: () => Promise<StepResult>,
): Promise<StepResult> => {
  const began = performance.now()
  at.step = id
  if (!journal.write({kind: 'step-started', step: id}) && !context.changed)
    return failed('the journal cannot be written (is the disk full?), so nothing was begun')
  const done = await guarded(work)
  const because = done.ok ? null : redacted(done.because, secretsOf(context))
  const ms = Math.round(performance.now() - began)
  journal.write({kind: 'step-ended', step: id, ok: done.ok, ms, because, wrote: done.ok ? (done.wrote ?? null) : null})
  return done.ok ? done : {...done, because: because ?? ''}
}

const rollBackPlanRun = async (running: Running, because: string): Promise<End> => {
  const {hand: context} = running
  context.stop = neverStopped()
  if (!context.changed) return createEnd('failed', false, `${because}. Nothing was changed.`)
  const result: RolledBack = {to: 'nowhere', because: null}
  const done = await runRecorded(running, 'roll-back', async () => {
    Object.assign(result, await rollBack(context))
    return result.to === 'nowhere' ? failed(result.because ?? 'it could not be taken back') : {ok: true}
  })
  if (!done.ok) return createEnd('failed', context.changed, `${because}. It could not be taken back: ${done.because}`)
  return result.to === 'forward'
    ? createEnd('done', true, `${because}; after a restart it does`)
    : createEnd('undone', context.changed, because)
}

const afterFailure = async (running: Running, {otherwise}: Step, done: Extract<StepResult, {ok: false}>): Promise<End> => {
  const because = running.hand.stop.aborted ? askedToEnd : done.because
  if (otherwise === 'roll-back' && done.keep !== true) return rollBackPlanRun(running, because)
  return createEnd('failed', running.hand.changed, because, {unknown: done.unknown === true})
}

/** A proven plan is done, one that can be taken back is, and one that wrote some of its files says how many. */
const stopped = async (running: Running, {steps}: Plan, next: Step): Promise<End> => {
  const {hand: context} = running
  const open = steps.slice(steps.indexOf(next))
  if (!context.changed) return createEnd('failed', false, `${askedToEnd}. Nothing was changed.`)
  if (open.some(({otherwise}) => otherwise === 'roll-back')) return rollBackPlanRun(running, askedToEnd)
  const left = open.map(({words}) => `not done, since it was asked to end: ${words}`)
  const isProven = open.every(({kind}) => kind === 'prove' || kind === 'tell')
  return createEnd(isProven ? 'done' : 'failed', true, askedToEnd, {left})
}

const runSteps = async (running: Running, plan: Plan): Promise<End> => {
  const failures: string[] = []
  const toReport: string[] = []
  for (const step of plan.steps) {
    if (!running.lock.isOurs()) {
      const because = 'another plan took the lock of this gateway'
      return running.hand.changed ? rollBackPlanRun(running, because) : createEnd('failed', false, because)
    }
    if (running.hand.stop.aborted) return stopped(running, plan, step)
    const done = await runRecorded(running, step.id, () => doStep(running.hand, step))
    if (done.ok) continue
    if (step.otherwise === 'note') toReport.push(`${step.words}: FAILED, ${done.because}`)
    else if (step.otherwise === 'go-on') failures.push(done.because)
    else return afterFailure(running, step, done)
  }
  const {changed} = running.hand
  const left = [...toReport, ...plan.cards]
  return failures.length > 0
    ? createEnd('failed', changed, failures.join('; '), {left})
    : createEnd('done', changed, null, {left})
}

const lockedBy = ({id, fix, owner}: LockHolder): End =>
  createEnd(
    'failed',
    false,
    `another plan is running on this gateway: ${fix}, ${id}, process ${owner.pid}. Nothing was changed.`,
    {
      unknown: true,
    },
  )

const dieAfter = (env: HostEnv['env']): ((count: number) => void) => {
  const last = Number(env['GATECRAB_DIE_AFTER'])
  return count => {
    if (count === last) process.kill(process.pid, 'SIGKILL')
  }
}

/** What became of the plan that was cut off, now that this one has ended. */
const endOfOther = (plan: Plan, end: End): End => {
  if (end.outcome !== 'done') return end
  const swept = plan.steps.find(({act}) => act.do === 'sweep')?.act
  if (swept?.do === 'sweep') return {...end, outcome: 'failed', changed: swept.changed, because: plan.because}
  return plan.steps.some(({act}) => act.do === 'roll-back') ? {...end, outcome: 'undone'} : end
}

/** Where that cannot be written, the other plan stays as it was: cut off, with the same one way on. */
const recordInterruptedEnd = (places: StatePlaces, plan: Plan, end: End): void => {
  try {
    if (plan.continues !== null) endJournal(places, plan.continues, {kind: 'ended', ...endOfOther(plan, end), by: plan.id})
  } catch {}
}

const underLock = async (handed: Omit<RunInputs, 'step'>): Promise<End> => {
  const {plan, places, journal} = handed
  const lock = acquireLock(places, plan.gateway.key, plan)
  if (!isLock(lock)) {
    const end = lockedBy(lock)
    journal.write({kind: 'ended', ...end})
    return end
  }
  const at = {step: ''}
  try {
    const context = createStepContext({...handed, step: () => at.step})
    handed.begun(context)
    const end = await runSteps({hand: context, journal, lock, at}, plan)
    journal.write({kind: 'ended', ...end})
    recordInterruptedEnd(places, plan, end)
    return end
  } finally {
    lock.release()
  }
}

/** Before the first step nothing was changed. */
const wentWrong = (context: StepContext | null, because: string): End =>
  context?.changed === true ? createEnd('failed', true, because) : createEnd('failed', false, `${because}. Nothing was changed.`)

/** Runs a plan to its end, whatever that is, and keeps its journal. */
export const runPlan = async (
  plan: Plan,
  hostEnv: HostEnv,
  {secret = null, stop = neverStopped()}: {secret?: Secret | null; stop?: AbortSignal} = {},
): Promise<End> => {
  const places = statePlaces(hostEnv)
  makePlaces(places)
  sweepState(places)
  const journal = openJournal(places, plan.id, dieAfter(hostEnv.env))
  let context: StepContext | null = null
  const begun = (running: StepContext): void => {
    context = running
  }
  try {
    if (!journal.write({kind: 'planned', plan, runner: processIdentityOf(process.pid), sequence: nextSequence(places)}))
      return createEnd('failed', false, 'the journal cannot be written, so nothing was begun')
    return await underLock({plan, hostEnv, places, journal, given: secret, stop, begun})
  } catch (error) {
    const end = wentWrong(context, unexpected(error))
    journal.write({kind: 'ended', ...end})
    return end
  } finally {
    journal.close()
  }
}

/** The runner outlives the terminal. Asked to end, it ends its command, and then itself: proven, taken back, or with nothing changed. */
export const stopOnTerm = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.on(signal, () => {})
  process.on('SIGTERM', () => stop.abort())
  return stop.signal
}
