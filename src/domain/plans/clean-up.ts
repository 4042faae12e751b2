import type {Facts} from './facts.ts'
import {fixTitles, type Plan, type Step, step} from './plan.ts'
import {acceptedStep} from './token-steps.ts'

const backupSteps = ({leftovers, winner, target: {secret = 'token'}}: Facts): Step[] =>
  leftovers.backups.map(({path, fingerprint}, i) =>
    step(
      `backup-${i + 1}`,
      'write',
      `Replace the old token in ${path} by the one in force, so that no restore brings the old one back`,
      {
        do: 'renew-backup',
        file: path,
      },
      {
        file: path,
        change: {what: `gateway.auth.${secret}`, from: fingerprint, to: winner.copy?.fingerprint ?? 'the token in force'},
        otherwise: 'go-on',
      },
    ),
  )

const auditSteps = ({leftovers}: Facts): Step[] =>
  leftovers.audits.map((file, i) =>
    step(
      `audit-${i + 1}`,
      'write',
      `Blot out the tokens in ${file}; every other byte stays`,
      {do: 'blank-leaks', file},
      {
        file,
        change: {what: 'tokens in argv', from: 'in clear text', to: 'asterisks'},
        otherwise: 'go-on',
      },
    ),
  )

const ownSteps = ({leftovers}: Facts): Step[] =>
  leftovers.own.length === 0
    ? []
    : [
        step(
          'own',
          'write',
          `Delete what gatecrab kept to take back earlier plans (${leftovers.own.length})`,
          {
            do: 'drop-backups',
            folders: leftovers.own.map(({folder}) => folder),
          },
          {otherwise: 'go-on'},
        ),
      ]

export const cleanUpPlan = (facts: Facts): Plan => {
  const steps = [...backupSteps(facts), ...auditSteps(facts), ...ownSteps(facts)]
  return {
    id: facts.id,
    fix: 'clean-up',
    title: fixTitles['clean-up'],
    because: 'They are harmless once refused, but nobody needs them.',
    risk: 'changes history, not who may sign in',
    gateway: facts.target,
    interrupts: [],
    cannotUndo: [
      'None of this is undone: a backup of it would hold the old tokens again.',
      ...facts.leftovers.own.map(({plan}) => `${plan} can no longer be undone.`),
    ],
    confirm: 'clean-up',
    notes: steps.length === 0 ? ['There is nothing to clean up.'] : [],
    steps: steps.length === 0 ? [] : [acceptedStep(), ...steps],
    cards: [],
    continues: null,
    undoes: null,
    backups: facts.backups,
  }
}
