import type {Plan} from '../domain/plan.ts'
import {ignoreTerminal, runPlan as runIt} from '../sources/runner.ts'
import {surroundings} from '../sources/surroundings.ts'
import {type Command, exit} from './command.ts'

const readAll = async (): Promise<string> => {
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text
}

/** Half a plan is none: whoever handed it over died while doing so. */
const planIn = (text: string): Plan | null => {
  try {
    const plan = JSON.parse(text) as Plan
    return typeof plan.id === 'string' && Array.isArray(plan.steps) && /^[\w.-]+$/.test(plan.id) ? plan : null
  } catch {
    return null
  }
}

/** Not for people: the process in which a plan runs. It is handed the plan on standard input. */
export const runPlan: Command = {
  words: 'run-plan',
  about: '',
  flags: {},
  run: async () => {
    ignoreTerminal()
    const plan = planIn(await readAll())
    if (plan === null) return exit.usage
    const {outcome} = await runIt(plan, surroundings())
    return outcome === 'done' ? exit.fine : exit.broken
  },
}
