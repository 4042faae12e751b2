import {type Entry, endEntry, entriesOf} from '../../domain/plans/journal.ts'
import type {Act, PlanFix, Step} from '../../domain/plans/plan.ts'
import type {Role} from '../rows/rows.ts'
import {length} from '../words.ts'
import type {PlanShown} from './plan-shown.ts'

export const planBeingMade = (fix: PlanFix): PlanShown => ({
  fix,
  plan: null,
  refused: null,
  typed: '',
  field: 'word',
  secret: null,
  entries: [],
  phase: 'making',
  top: 0,
})

export type PlanLine = {text: string; role: Role; indent: number}

const line = (text: string, role: Role = 'plain', indent = 0): PlanLine => ({text, role, indent})

type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'undone'

const stepStatusOf = (step: Step, entries: readonly Entry[]): {status: StepStatus; ms: number | null; because: string | null} => {
  const ended = entriesOf(entries, 'step-ended').findLast(entry => entry.step === step.id)
  if (entriesOf(entries, 'undone').some(entry => entry.step === step.id && entry.ok))
    return {status: 'undone', ms: ended?.ms ?? null, because: null}
  if (ended) return {status: ended.ok ? 'done' : 'failed', ms: ended.ms, because: ended.because}
  return {
    status: entriesOf(entries, 'step-started').some(entry => entry.step === step.id) ? 'running' : 'waiting',
    ms: null,
    because: null,
  }
}

const signs: Record<StepStatus, readonly [string, string]> = {
  waiting: ['·', '-'],
  running: ['▸', '>'],
  done: ['✓', '+'],
  failed: ['✗', 'x'],
  undone: ['↶', '<'],
}
const roles: Record<StepStatus, Role> = {waiting: 'dim', running: 'note', done: 'good', failed: 'bad', undone: 'warn'}

const messageLines = (step: Step, entries: readonly Entry[]): PlanLine[] =>
  entriesOf(entries, 'step-said')
    .filter(entry => entry.step === step.id && entry.text !== '')
    .slice(-2)
    .map(entry => line(entry.text, 'dim', 4))

const proofs = (step: Step, entries: readonly Entry[]): PlanLine[] =>
  entriesOf(entries, 'proved')
    .filter(entry => entry.step === step.id)
    .map(entry => line(`${entry.ok ? 'proved' : 'NOT proved'}: ${entry.what}`, entry.ok ? 'good' : 'bad', 4))

const changeText = ({change}: Step): string =>
  change === null ? '' : `  ${change.what}: ${change.from ?? 'unset'} → ${change.to}`

const stepLines = (step: Step, entries: readonly Entry[], isAscii: boolean): PlanLine[] => {
  const {status, ms, because} = stepStatusOf(step, entries)
  const took = ms === null ? '' : `  ${ms < 1000 ? `${ms} ms` : length(ms)}`
  return [
    line(`${signs[status][isAscii ? 1 : 0]} ${step.words}${changeText(step)}${took}`, roles[status], 1),
    ...(entries.length === 0 && step.argv
      ? [line(`$ ${step.argv.join(' ')}${step.stdin === null ? '' : `   < ${step.stdin}`}`, 'dim', 4)]
      : []),
    ...(entries.length === 0 && step.undo ? [line(`undone by: ${step.undo}`, 'dim', 4)] : []),
    ...messageLines(step, entries),
    ...proofs(step, entries),
    ...(because === null ? [] : [line(because, status === 'failed' ? 'bad' : 'dim', 4)]),
  ]
}

const list = (title: string, items: readonly string[], role: Role = 'plain'): PlanLine[] =>
  items.length === 0 ? [] : [line(title, 'dim'), ...items.map(item => line(`- ${item}`, role, 1))]

const outcomes = {
  done: ['Done.', 'good'],
  undone: ['It did not work, and everything was put back.', 'warn'],
  failed: ['It failed.', 'bad'],
} as const

/** How it ended stands first, where it is seen without scrolling. */
const outcome = (entries: readonly Entry[]): PlanLine[] => {
  const end = endEntry(entries)
  if (!end) return []
  const [text, role] = outcomes[end.outcome]
  return [line(`${text}${end.because === null ? '' : ` ${end.because}`}`, role)]
}

const leftOver = (entries: readonly Entry[]): PlanLine[] => {
  const {left = []} = endEntry(entries) ?? {}
  return left.length === 0 ? [] : [line(''), ...list('Manual steps left', left)]
}

/** The plan as text: before it runs all that it would do, while it runs what it did. */
export const planLines = ({plan, refused, entries, phase, fix}: PlanShown, isAscii: boolean): PlanLine[] => {
  if (refused)
    return [
      line(entries.length > 0 ? `${fix} was interrupted` : `${fix} cannot run now`, 'bad'),
      line(refused.title),
      line(refused.because ?? ''),
      line(refused.tryThis ?? '', 'strong'),
    ]
  if (!plan)
    return [
      line(
        fix === 'renew'
          ? 'Making the plan: reading the profile stores…'
          : `Making the plan for ${fix}: reading the config and asking the gateway…`,
        'note',
      ),
    ]
  const before = phase === 'shown'
  return [
    line(plan.title, 'strong'),
    ...outcome(entries),
    ...(before
      ? [line(plan.because), line(`Risk: ${plan.risk}`, 'warn'), ...list('It interrupts', plan.interrupts, 'warn')]
      : []),
    line(''),
    ...plan.steps.flatMap(step => stepLines(step, entries, isAscii)),
    ...(before ? [line(''), ...list('It cannot undo', plan.cannotUndo, 'warn'), ...list('Worth knowing', plan.notes)] : []),
    ...leftOver(entries),
    ...(before ? list('Manual steps', plan.cards) : []),
  ]
}

const changesToken: readonly Act['do'][] = ['write-token', 'take-up']

/** It is on the screen, ended well, and gave the gateway another token. */
export const hasChangedToken = ({plan, phase, entries}: PlanShown): boolean =>
  phase === 'ended' &&
  endEntry(entries)?.outcome === 'done' &&
  plan?.steps.some(({act}) => changesToken.includes(act.do)) === true

export const isConfirmed = ({plan, typed}: PlanShown): boolean => plan !== null && typed.trim() === plan.confirm
