import type {NewEntry, Outcome} from '../../domain/plans/journal.ts'
import type {Plan, Step} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {errorWords, isMachineError} from '../error-words.ts'
import {endJournal, type Journal, nextSequence, openJournal} from './journals.ts'
import {makePlaces, type StatePlaces, statePlaces} from './journals-place.ts'
import {sealerOf} from './journals-seal.ts'
import {acquireLock, type Held, isLock, type Lock} from './plan-lock.ts'
import {ownerOf} from './plan-lock-owner.ts'
import {sweepState} from './state-sweep.ts'
import {doStep} from './steps.ts'
import {type Done, failed, type Hand, redacted, secretsOf} from './steps-hand.ts'
import {type RolledBack, rollBack} from './steps-roll-back.ts'

type End = Omit<Extract<NewEntry, {kind: 'ended'}>, 'kind'>

const ended = (outcome: Outcome, changed: boolean, because: string | null, more: Partial<End> = {}): End => ({
  outcome,
  changed,
  because,
  left: [],
  by: null,
  unknown: false,
  ...more,
})

type Handed = {
  plan: Plan
  around: Surroundings
  places: StatePlaces
  journal: Journal
  given: Secret | null
  stop: AbortSignal
  begun: (hand: Hand) => void
  step: () => string
}

const handOf = ({plan, around, places, journal, given, stop, step}: Handed): Hand => {
  const hand: Hand = {
    plan,
    around,
    sealer: sealerOf(places.key),
    old: null,
    next: null,
    known: given === null ? [] : [given],
    given,
    logins: null,
    life: null,
    changed: false,
    isOurCommand: false,
    astray: false,
    stop,
    say: (text, {child = null, mark = null} = {}) => {
      const entry = {kind: 'step-said', step: step(), text: redacted(text, secretsOf(hand)), child, mark} as const
      journal.write(entry)
    },
    prove: (what, ok) => void journal.write({kind: 'proved', step: step(), what, ok}),
    undid: (what, ok) => void journal.write({kind: 'undone', step: step(), what, ok}),
  }
  return hand
}

const neverStopped = (): AbortSignal => new AbortController().signal

const askedToEnd = 'it was asked to end (SIGTERM)'

type Running = {hand: Hand; journal: Journal; lock: Lock; at: {step: string}}

/** A full disk or too few descriptors are nobody's bug. */
const unexpected = (error: unknown): string =>
  isMachineError(error) ? errorWords(error) : `a bug of ours: ${error instanceof Error ? error.message : String(error)}`

/** A bug in a step must not leave a plan half done. */
const attempted = async (work: () => Promise<Done>): Promise<Done> => {
  try {
    return await work()
  } catch (error) {
    return failed(unexpected(error))
  }
}

const noted = async ({hand, journal, at}: Running, id: string, work: () => Promise<Done>): Promise<Done> => {
  const began = performance.now()
  at.step = id
  if (!journal.write({kind: 'step-started', step: id}) && !hand.changed)
    return failed('the journal cannot be written (is the disk full?), so nothing was begun')
  const done = await attempted(work)
  const because = done.ok ? null : redacted(done.because, secretsOf(hand))
  const ms = Math.round(performance.now() - began)
  journal.write({kind: 'step-ended', step: id, ok: done.ok, ms, because, wrote: done.ok ? (done.wrote ?? null) : null})
  return done.ok ? done : {...done, because: because ?? ''}
}

const rolledBack = async (running: Running, because: string): Promise<End> => {
  const {hand} = running
  hand.stop = neverStopped()
  if (!hand.changed) return ended('failed', false, `${because}. Nothing was changed.`)
  const result: RolledBack = {to: 'nowhere', because: null}
  const done = await noted(running, 'roll-back', async () => {
    Object.assign(result, await rollBack(hand))
    return result.to === 'nowhere' ? failed(result.because ?? 'it could not be taken back') : {ok: true}
  })
  if (!done.ok) return ended('failed', hand.changed, `${because}. It could not be taken back: ${done.because}`)
  return result.to === 'forward'
    ? ended('done', true, `${because}; after a restart it does`)
    : ended('undone', hand.changed, because)
}

const afterFailure = async (running: Running, {otherwise}: Step, done: Extract<Done, {ok: false}>): Promise<End> => {
  const because = running.hand.stop.aborted ? askedToEnd : done.because
  if (otherwise === 'roll-back' && done.keep !== true) return rolledBack(running, because)
  return ended('failed', running.hand.changed, because, {unknown: done.unknown === true})
}

/** A proven plan is done, one that can be taken back is, and one that wrote some of its files says how many. */
const stopped = async (running: Running, {steps}: Plan, next: Step): Promise<End> => {
  const {hand} = running
  const open = steps.slice(steps.indexOf(next))
  if (!hand.changed) return ended('failed', false, `${askedToEnd}. Nothing was changed.`)
  if (open.some(({otherwise}) => otherwise === 'roll-back')) return rolledBack(running, askedToEnd)
  const left = open.map(({words}) => `not done, since it was asked to end: ${words}`)
  const isProven = open.every(({kind}) => kind === 'prove' || kind === 'tell')
  return ended(isProven ? 'done' : 'failed', true, askedToEnd, {left})
}

const everyStep = async (running: Running, plan: Plan): Promise<End> => {
  const missed: string[] = []
  const toTell: string[] = []
  for (const step of plan.steps) {
    if (!running.lock.isOurs()) {
      const because = 'another plan took the lock of this gateway'
      return running.hand.changed ? rolledBack(running, because) : ended('failed', false, because)
    }
    if (running.hand.stop.aborted) return stopped(running, plan, step)
    const done = await noted(running, step.id, () => doStep(running.hand, step))
    if (done.ok) continue
    if (step.otherwise === 'note') toTell.push(`${step.words}: FAILED, ${done.because}`)
    else if (step.otherwise === 'go-on') missed.push(done.because)
    else return afterFailure(running, step, done)
  }
  const {changed} = running.hand
  const left = [...toTell, ...plan.cards]
  return missed.length > 0 ? ended('failed', changed, missed.join('; '), {left}) : ended('done', changed, null, {left})
}

const heldBy = ({id, fix, owner}: Held): End =>
  ended('failed', false, `another plan is running on this gateway: ${fix}, ${id}, process ${owner.pid}. Nothing was changed.`, {
    unknown: true,
  })

const dieAfter = (env: Surroundings['env']): ((count: number) => void) => {
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

const underLock = async (handed: Omit<Handed, 'step'>): Promise<End> => {
  const {plan, places, journal} = handed
  const lock = acquireLock(places, plan.gateway.key, plan)
  if (!isLock(lock)) {
    const end = heldBy(lock)
    journal.write({kind: 'ended', ...end})
    return end
  }
  const at = {step: ''}
  try {
    const hand = handOf({...handed, step: () => at.step})
    handed.begun(hand)
    const end = await everyStep({hand, journal, lock, at}, plan)
    journal.write({kind: 'ended', ...end})
    recordInterruptedEnd(places, plan, end)
    return end
  } finally {
    lock.release()
  }
}

/** Before the first step nothing was changed. */
const wentWrong = (hand: Hand | null, because: string): End =>
  hand?.changed === true ? ended('failed', true, because) : ended('failed', false, `${because}. Nothing was changed.`)

/** Runs a plan to its end, whatever that is, and keeps its journal. */
export const runPlan = async (
  plan: Plan,
  around: Surroundings,
  {given = null, stop = neverStopped()}: {given?: Secret | null; stop?: AbortSignal} = {},
): Promise<End> => {
  const places = statePlaces(around)
  makePlaces(places)
  sweepState(places)
  const journal = openJournal(places, plan.id, dieAfter(around.env))
  let hand: Hand | null = null
  const begun = (running: Hand): void => {
    hand = running
  }
  try {
    if (!journal.write({kind: 'planned', plan, runner: ownerOf(process.pid), sequence: nextSequence(places)}))
      return ended('failed', false, 'the journal cannot be written, so nothing was begun')
    return await underLock({plan, around, places, journal, given, stop, begun})
  } catch (error) {
    const end = wentWrong(hand, unexpected(error))
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
