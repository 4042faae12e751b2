import fs from 'node:fs'
import type {Readable} from 'node:stream'
import type {Plan} from '../../domain/plans/plan.ts'
import {Secret} from '../../domain/secret.ts'
import {runPlan as runIt, stopOnTerm} from '../../sources/plans/runner.ts'
import {exitOfError} from '../../sources/plans/runner-start.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {type Command, exit} from '../command.ts'

const planPipe = 3

const readAll = async (stream: Readable): Promise<string> => {
  stream.setEncoding('utf8')
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

/** A truncated plan is rejected: the parent died while writing it. */
const planIn = (text: string): Plan | null => {
  try {
    const plan = JSON.parse(text) as Plan
    return typeof plan.id === 'string' && Array.isArray(plan.steps) && /^[\w.-]+$/.test(plan.id) ? plan : null
  } catch {
    return null
  }
}

const secretIn = (text: string | undefined): Secret | null => {
  if (text === undefined || text === '') return null
  const value: unknown = JSON.parse(text)
  return typeof value === 'string' ? new Secret(value) : null
}

/** Not for people: the process in which a plan runs. It is handed the plan on standard input, or beside the terminal it is lent. */
export const runPlanCommand: Command = {
  words: 'run-plan',
  about: '',
  settings: 'none',
  flags: {terminal: {about: 'a command of the plan speaks with a person'}},
  run: async args => {
    const stop = stopOnTerm()
    const handed = args.flag('terminal') ? fs.createReadStream('', {fd: planPipe}) : process.stdin
    const [text = '', secret] = (await readAll(handed)).split('\n')
    const plan = planIn(text)
    if (plan === null) return exit.usage
    try {
      const {outcome} = await runIt(plan, readHostEnv(), {secret: secretIn(secret), stop})
      return outcome === 'done' ? exit.fine : exit.broken
    } catch (error) {
      process.exit(exitOfError(error))
    }
  },
}
