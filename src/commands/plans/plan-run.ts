import {type Entry, endIn} from '../../domain/plans/journal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {Problem} from '../../domain/problem.ts'
import {statePlaces} from '../../sources/plans/journals-place.ts'
import {type Handed, startPlan} from '../../sources/plans/runner-start.ts'
import {surroundings} from '../../sources/service/surroundings.ts'
import {type ExitCode, exit, isProblem} from '../command.ts'
import type {Given} from '../flags.ts'
import {toJson} from '../told/json.ts'
import {complain} from '../told/output.ts'
import {canAsk, typedWord} from './plan-ask.ts'
import {lostProblem} from './plan-lost.ts'
import {entryText, planText} from './plan-text.ts'
import {askSecret} from './renew-secret.ts'

const tell = (entry: Entry, plan: Plan, given: Given): void => {
  const text = given.has('json') ? toJson(entry) : entryText(entry, plan)
  if (text !== null) process.stdout.write(`${text}\n`)
}

const codeOf = (entries: readonly Entry[]): ExitCode => {
  const end = endIn(entries)
  if (end?.outcome === 'done') return exit.fine
  return end?.unknown && !end.changed ? exit.unknown : exit.broken
}

/** With --json standard output is for the journal alone; what a command says to the person goes to the other stream. */
const handed = async ({asks}: Plan, given: Given): Promise<Handed | Problem> => {
  if (asks?.terminal) return {terminal: {out: given.has('json') ? 2 : 'inherit'}}
  if (!asks?.secret) return {}
  const secret = await askSecret(asks.secret)
  return isProblem(secret) ? secret : {secret}
}

/** Starts it, tells what its journal tells, and leaves when it has ended. Leaving earlier does not stop it. */
const follow = async (plan: Plan, given: Given): Promise<ExitCode> => {
  const more = await handed(plan, given)
  if (isProblem(more)) return complain(more)
  const started = await startPlan(plan, statePlaces(surroundings()), more)
  if (isProblem(started)) return complain(started)
  const leaving = new AbortController()
  const leave = (): void => (plan.asks?.terminal ? undefined : leaving.abort())
  process.on('SIGINT', leave)
  const entries: Entry[] = []
  const how = await started.follow(entry => {
    entries.push(entry)
    tell(entry, started.plan, given)
  }, leaving.signal)
  process.off('SIGINT', leave)
  if (how === 'ended') return codeOf(entries)
  if (how === 'lost') return complain(await lostProblem(started, entries)) && exit.broken
  process.stderr.write('gatecrab: The plan goes on without this terminal. `gatecrab journals` shows how it ends.\n')
  return exit.interrupted
}

const show = (plan: Plan, given: Given): void => {
  process.stdout.write(given.has('json') ? `${toJson({at: new Date().toISOString(), kind: 'plan', plan})}\n` : planText(plan))
}

const refuse = (why: string): ExitCode => {
  process.stderr.write(`gatecrab: ${why}\n`)
  return exit.usage
}

/** Shows a plan, has it confirmed, runs it. What changes nothing needs no word. */
export const runShown = async (plan: Plan, given: Given): Promise<ExitCode> => {
  if (given.has('dry-run') || given.has('readonly')) {
    show(plan, given)
    return given.has('dry-run') ? exit.fine : refuse('--readonly shows plans and runs none.')
  }
  if (plan.steps.length === 0) {
    process.stdout.write(given.has('json') ? '' : `${plan.notes.join(' ')}\n`)
    return exit.fine
  }
  const needsTerminal = plan.asks?.terminal === true && !canAsk()
  if (needsTerminal) show(plan, given)
  if (needsTerminal) return refuse('Nothing was run: its command speaks with a person, and there is no terminal.')
  const isDoubted = (plan.gateway.unproven ?? null) !== null
  if ((given.has('yes') && !isDoubted) || plan.confirm === '') return follow(plan, given)
  show(plan, given)
  if (!canAsk() && isDoubted)
    return refuse(
      'Nothing was run: who listens is not proven to be the gateway, so a person has to type the word at a terminal; --yes does not.',
    )
  if (!canAsk()) return refuse('Nothing was run: there is no terminal to ask at, and no --yes.')
  if (await typedWord(plan.confirm)) return follow(plan, given)
  process.stderr.write('gatecrab: Nothing was run.\n')
  return exit.fine
}
