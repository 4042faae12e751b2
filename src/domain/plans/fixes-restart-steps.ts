import {type RestartForm, type Step, step} from './plan.ts'

export const restartStep = (form: RestartForm): Step => {
  const once =
    form.bootstrap === null
      ? ''
      : `; where launchd answers "5: Input/output error" and leaves it stopped, after ${form.bootstrapAfterMs / 1000} s once more by \`${form.bootstrap.join(' ')}\`, and again for up to 35 s`
  return step('restart', 'run', `Let OpenClaw restart the gateway${once}`, {do: 'restart', form}, {argv: form.argv})
}

export const lifeStep = (): Step => step('life', 'check', 'Note which process listens, and since when it runs', {do: 'note-life'})

export const restartedStep = (budgetMs: number): Step =>
  step(
    'restarted',
    'wait',
    'Wait until another process listens, or the same one has begun anew; its own word is not enough',
    {
      do: 'wait-restarted',
      budgetMs,
    },
    {budgetMs},
  )
