import {type Entry, endEntry, entriesOf} from '../../domain/plans/journal.ts'
import type {Act, Plan, PlanFix, Step} from '../../domain/plans/plan.ts'
import type {Role} from '../rows/rows.ts'
import {length, plural} from '../words.ts'
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
  view: 'summary',
})

/** `label`: the text is cut rather than wrapped, behind these words. */
export type PlanLine = {text: string; role: Role; indent: number; label?: string}

export const planLine = (text: string, role: Role = 'plain', indent = 0): PlanLine => ({text, role, indent})

type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'undone'

type Progress = {status: StepStatus; ms: number | null; because: string | null; startedAt: number | null}

const stepStatusOf = (step: Step, entries: readonly Entry[]): Progress => {
  const ended = entriesOf(entries, 'step-ended').findLast(entry => entry.step === step.id)
  if (entriesOf(entries, 'undone').some(entry => entry.step === step.id && entry.ok))
    return {status: 'undone', ms: ended?.ms ?? null, because: null, startedAt: null}
  if (ended) return {status: ended.ok ? 'done' : 'failed', ms: ended.ms, because: ended.because, startedAt: null}
  const started = entriesOf(entries, 'step-started').findLast(entry => entry.step === step.id)
  return {status: started ? 'running' : 'waiting', ms: null, because: null, startedAt: started ? Date.parse(started.at) : null}
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
    .map(entry => planLine(entry.text, 'dim', 4))

const proofs = (step: Step, entries: readonly Entry[]): PlanLine[] =>
  entriesOf(entries, 'proved')
    .filter(entry => entry.step === step.id)
    .map(entry => planLine(`${entry.ok ? 'proved' : 'NOT proved'}: ${entry.what}`, entry.ok ? 'good' : 'bad', 4))

const changeText = ({change}: Step): string =>
  change === null ? '' : `  ${change.what}: ${change.from ?? 'unset'} → ${change.to}`

/** A step that takes long must not look as if it hung. */
const tookText = ({ms, startedAt}: Progress, now: number): string => {
  if (ms !== null) return `  ${ms < 1000 ? `${ms} ms` : length(ms)}`
  return startedAt === null || now - startedAt < 1000 ? '' : `  ${length(now - startedAt)} so far`
}

const stepLines = (step: Step, entries: readonly Entry[], isAscii: boolean, now: number): PlanLine[] => {
  const progress = stepStatusOf(step, entries)
  const {status, because} = progress
  return [
    planLine(`${signs[status][isAscii ? 1 : 0]} ${step.words}${changeText(step)}${tookText(progress, now)}`, roles[status], 1),
    ...(entries.length === 0 && step.argv
      ? [planLine(`$ ${step.argv.join(' ')}${step.stdin === null ? '' : `   < ${step.stdin}`}`, 'dim', 4)]
      : []),
    ...(entries.length === 0 && step.undo ? [planLine(`undone by: ${step.undo}`, 'dim', 4)] : []),
    ...messageLines(step, entries),
    ...proofs(step, entries),
    ...(because === null ? [] : [planLine(because, status === 'failed' ? 'bad' : 'dim', 4)]),
  ]
}

const list = (title: string, items: readonly string[], role: Role = 'plain'): PlanLine[] =>
  items.length === 0 ? [] : [planLine(title, 'dim'), ...items.map(item => planLine(`- ${item}`, role, 1))]

const outcomes = {
  done: ['Done.', 'good'],
  undone: ['It did not work, and everything was put back.', 'warn'],
  failed: ['It failed.', 'bad'],
} as const

/** How long it took, and how much of it was proved. */
const doneText = (entries: readonly Entry[], endedAt: string): string => {
  const [first] = entries
  const proved = entriesOf(entries, 'proved').filter(({ok}) => ok).length
  const took = first ? ` in ${length(Date.parse(endedAt) - Date.parse(first.at))}` : ''
  return `Done${took}${proved === 0 ? '' : `, ${plural(proved, 'check')} passed`}.`
}

/** How it ended stands first, where it is seen without scrolling. */
const outcome = (entries: readonly Entry[]): PlanLine[] => {
  const end = endEntry(entries)
  if (!end) return []
  const [text, role] = outcomes[end.outcome]
  const words = end.outcome === 'done' ? doneText(entries, end.at) : text
  return [planLine(`${words}${end.because === null ? '' : ` ${end.because}`}`, role)]
}

const leftOver = (entries: readonly Entry[]): PlanLine[] => {
  const {left = []} = endEntry(entries) ?? {}
  return left.length === 0 ? [] : [planLine(''), ...list('Manual steps left', left)]
}

/** The plan as text: before it runs all that it would do, while it runs what it did. */
export const planLines = ({plan, refused, entries, phase, fix}: PlanShown, isAscii: boolean, now: number): PlanLine[] => {
  if (refused)
    return [
      planLine(entries.length > 0 ? `${fix} was interrupted` : `${fix} cannot run now`, 'bad'),
      planLine(refused.title),
      planLine(refused.because ?? ''),
      planLine(refused.tryThis ?? '', 'strong'),
    ]
  if (!plan)
    return [
      planLine(
        fix === 'renew'
          ? 'Making the plan: reading the profile stores…'
          : `Making the plan for ${fix}: reading the config and asking the gateway…`,
        'note',
      ),
    ]
  const before = phase === 'shown'
  return [
    planLine(plan.title, 'strong'),
    ...outcome(entries),
    ...(before
      ? [planLine(plan.because), planLine(`Risk: ${plan.risk}`, 'warn'), ...list('It interrupts', plan.interrupts, 'warn')]
      : []),
    planLine(''),
    ...plan.steps.flatMap(step => stepLines(step, entries, isAscii, now)),
    ...(before ? [planLine(''), ...list('It cannot undo', plan.cannotUndo, 'warn'), ...list('Worth knowing', plan.notes)] : []),
    ...leftOver(entries),
    ...(before ? list('Manual steps', plan.cards) : []),
  ]
}

/** What is left for a person, and what is worth knowing beside it. */
export const manualLines = (plan: Plan): PlanLine[] => [
  planLine(plan.title, 'strong'),
  planLine(''),
  ...list('Manual steps', plan.cards),
  ...list('It cannot undo', plan.cannotUndo, 'warn'),
  ...list('Worth knowing', plan.notes),
]

const changesToken: readonly Act['do'][] = ['write-token', 'take-up']

/** It is on the screen, ended well, and gave the gateway another token. */
export const hasChangedToken = ({plan, phase, entries}: PlanShown): boolean =>
  phase === 'ended' &&
  endEntry(entries)?.outcome === 'done' &&
  plan?.steps.some(({act}) => changesToken.includes(act.do)) === true

export const isConfirmed = ({plan, typed}: PlanShown): boolean => plan !== null && typed.trim() === plan.confirm
