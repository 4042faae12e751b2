import type {Facts, PreviousPlan} from './facts.ts'
import {configBackup, filesWrittenBy, type Plan, type Step, step} from './plan.ts'
import {recordProcessStep, restartedByPersonStep} from './restart-steps.ts'
import {tokenPlan} from './rotate.ts'
import {commandStep, firstWaitStep, healthStep, proveStep, takeOverSteps, tellStep} from './token-steps.ts'

const takeUp = ({backups, token}: PreviousPlan): Step =>
  step('take-up', 'check', 'Read the old token from the backup and the new one from the config', {
    do: 'take-up',
    before: configBackup(backups),
    ...(token?.isFirst ? {isFirst: true} : {}),
  })

/** There was none in force before: what is missing is what makes the gateway take it, and the proof. */
const firstSteps = (facts: Facts, {token}: PreviousPlan): Step[] => {
  const needsPerson = token?.needsPerson === true && facts.accepted.answer !== 'ours'
  return [
    ...(needsPerson ? [recordProcessStep(), restartedByPersonStep(facts.restart?.byHand ?? '')] : []),
    firstWaitStep(facts.rules.restartBudgetMs),
    proveStep(facts, {right: 'the token', wrong: null}),
  ]
}

/** The token was written before the plan was cut off: what is missing is the proof. */
export const finishPlan = (facts: Facts, previous: PreviousPlan): Plan =>
  tokenPlan(facts, {
    fix: 'rotate',
    title: `Finish the interrupted ${previous.fix} ${previous.id}`,
    because: 'It was cut off after the token was written and before it was proved.',
    confirm: 'finish',
    cards: [],
    steps: [
      takeUp(previous),
      ...commandStep(facts.cli, facts.target.configFile),
      ...(previous.token?.isFirst ? firstSteps(facts, previous) : [...takeOverSteps(facts), proveStep(facts)]),
      ...healthStep(facts),
      ...tellStep([]),
    ],
    continues: previous.id,
  })

type Closing = {id: string; backups: string; words: string; changed: boolean}

/** There is nothing to take up: what the killed process may have left unfinished is deleted, and that it was cut off is noted. */
export const closePlan = (cut: Plan, {id, backups, words, changed}: Closing): Plan => ({
  id,
  fix: 'clean-up',
  title: `Close ${cut.fix} ${cut.id}`,
  because: `It was cut off. ${words}`,
  risk: 'changes nothing but what it left unfinished',
  gateway: cut.gateway,
  interrupts: [],
  cannotUndo: [],
  confirm: '',
  notes: [],
  steps: [
    step('sweep', 'write', 'Delete the unfinished files it may have left beside those it was writing: they may hold a token', {
      do: 'sweep',
      files: filesWrittenBy(cut),
      backups: cut.backups,
      changed,
    }),
  ],
  cards: [],
  continues: cut.id,
  undoes: null,
  backups,
})

const restoreStep = ({target}: Facts, previous: PreviousPlan): Step =>
  step(
    'restore',
    'write',
    'Put the whole file of before back: what is there now cannot be parsed',
    {do: 'restore', file: target.tokenFile, from: configBackup(previous.backups)},
    {file: target.tokenFile},
  )

/** The plan was interrupted during its rollback, or left a config that cannot be parsed. */
export const rollBackPlan = (facts: Facts, previous: PreviousPlan): Plan =>
  tokenPlan(facts, {
    fix: 'undo',
    title: `Roll back the interrupted ${previous.fix} ${previous.id}`,
    because:
      previous.token?.now === 'broken'
        ? 'The config cannot be parsed since then.'
        : 'It was cut off while it was putting the old token back.',
    confirm: 'undo',
    cards: [],
    steps: [
      ...(previous.token?.now === 'broken' ? [restoreStep(facts, previous)] : []),
      takeUp(previous),
      ...commandStep(facts.cli, facts.target.configFile),
      step(
        'roll-back',
        'write',
        'Put the old token back, and prove it',
        {do: 'roll-back'},
        {
          file: facts.target.tokenFile,
          change: {
            what: `gateway.auth.${facts.target.secret ?? 'token'}`,
            from: previous.token?.after ?? null,
            to: previous.token?.before ?? 'the token of before',
          },
        },
      ),
    ],
    continues: previous.id,
  })
