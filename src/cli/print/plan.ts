import type {Entry} from '../../domain/plans/journal.ts'
import type {Plan, Step} from '../../domain/plans/plan.ts'
import {shellWord} from '../../domain/shell.ts'

const argvText = (argv: readonly string[]): string => argv.map(shellWord).join(' ')

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`)

const stepText = (step: Step, number: number): string[] => {
  const {words, argv, stdin, file, change, budgetMs, undo} = step
  const more = [
    argv === null ? null : `$ ${argvText(argv)}${stdin === null ? '' : `   < ${stdin}`}`,
    file === null ? null : `file: ${file}`,
    change === null ? null : `${change.what}: ${change.from ?? 'unset'} → ${change.to}`,
    budgetMs === null ? null : `for up to ${seconds(budgetMs)}`,
    undo === null ? null : `undone by: ${undo}`,
  ]
  return [`${String(number).padStart(3)}. ${words}`, ...more.flatMap(line => (line === null ? [] : [`     ${line}`]))]
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map(line => `  - ${line}`)]

/** A plan as it is shown before it runs. */
export const planText = (plan: Plan): string =>
  [
    `${plan.title}. ${plan.because}`,
    `gateway ${plan.gateway.release ?? 'of unknown release'} on ${plan.gateway.host}:${plan.gateway.port}, config ${plan.gateway.configFile}`,
    `risk: ${plan.risk}`,
    '',
    ...plan.steps.flatMap((step, i) => stepText(step, i + 1)),
    ...list('it interrupts:', plan.interrupts),
    ...list('it cannot undo:', plan.cannotUndo),
    ...list('worth knowing:', plan.notes),
    ...list('manual steps:', plan.cards),
    '',
  ].join('\n')

const outcomes = {
  done: 'Done.',
  undone: 'It did not work, and everything was put back.',
  failed: 'It failed.',
} as const

/** A journal entry as text while the plan runs. Null: nothing to print. */
export const entryText = (entry: Entry, plan: Plan): string | null => {
  switch (entry.kind) {
    case 'planned':
      return null
    case 'step-started':
      return `→ ${plan.steps.find(({id}) => id === entry.step)?.words ?? 'Put the old token back'}`
    case 'step-said':
      return entry.text === '' ? null : `    ${entry.text}`
    case 'step-ended':
      return `  ${entry.ok ? 'ok' : 'FAILED'}  ${seconds(entry.ms)}${entry.because === null ? '' : `  ${entry.because}`}`
    case 'proved':
      return `    ${entry.ok ? 'proved' : 'NOT PROVED'}: ${entry.what}`
    case 'undone':
      return `    ${entry.ok ? 'put back' : 'NOT put back'}: ${entry.what}`
    case 'ended':
      return [
        `${outcomes[entry.outcome]}${entry.because === null ? '' : ` ${entry.because}`}`,
        ...entry.left.map(manualStep => `  left for you: ${manualStep}`),
      ].join('\n')
  }
}
