import type {Facts} from './facts.ts'
import {type RestartForm, type Step, step} from './plan.ts'

export const restartStep = (form: RestartForm): Step => {
  const once =
    form.bootstrap === null
      ? ''
      : `; where launchd answers "5: Input/output error" and leaves it stopped, after ${form.bootstrapAfterMs / 1000} s once more by \`${form.bootstrap.join(' ')}\`, and again for up to 35 s`
  const words: Readonly<Record<NonNullable<RestartForm['by']>, string>> = {
    engine: 'Restart the container in which the gateway runs',
    manager: 'Let the service manager start the gateway again: only a new process reads the variable',
    openclaw: `Let OpenClaw restart the gateway${once}`,
  }
  return step('restart', 'run', words[form.by ?? 'openclaw'], {do: 'restart', form}, {argv: form.argv})
}

export const recordProcessStep = (): Step =>
  step('life', 'check', 'Note which process listens, and since when it runs', {do: 'note-life'})

export const restartedStep = (budgetMs: number): Step =>
  step(
    'restarted',
    'wait',
    'Wait for proof of the restart (new pid or start time)',
    {
      do: 'wait-restarted',
      budgetMs,
    },
    {budgetMs},
  )

const personRestartMs = 10 * 60_000

/** OpenClaw's restart signs in, and nobody can yet: so a person restarts it, and the plan waits for that. */
export const restartedByPersonStep = (byHand: string): Step => ({
  ...restartedStep(personRestartMs),
  words:
    `Restart the gateway now, in another terminal; this waits up to 10 min for proof of it (new pid or start time). ${byHand}`.trim(),
  otherwise: 'roll-back',
})

/** A container keeps the environment that it was made with: only another one has the new. */
export const recreateSteps = ({recreate = null, rules}: Pick<Facts, 'recreate' | 'rules'>): Step[] =>
  recreate === null
    ? []
    : [
        step(
          'recreate',
          'run',
          `Make the container ${recreate.name} again with the changed environment`,
          {do: 'recreate', argv: recreate.argv},
          {argv: recreate.argv, otherwise: 'note'},
        ),
        {...restartedStep(rules.restartBudgetMs), id: 'recreated', otherwise: 'note'},
        step(
          'container-env',
          'prove',
          'Check that the container runs with the values of its compose file and .env',
          {do: 'prove-container'},
          {otherwise: 'note'},
        ),
      ]
