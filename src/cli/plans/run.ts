import {type Failure, isFailure} from '../../domain/failure.ts'
import {type Entry, endEntry} from '../../domain/plans/journal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {lostProblem} from '../../runtime/plans/lost.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {type RunnerInputs, startPlan} from '../../sources/plans/runner-start.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {type ExitCode, exit} from '../command.ts'
import type {Args} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {entryText, planText} from '../print/plan.ts'
import {canAsk, typedWord} from './confirm.ts'
import {askSecret} from './renew-secret.ts'

const tell = (entry: Entry, plan: Plan, args: Args): void => {
  const text = args.flag('json') ? toJson(entry) : entryText(entry, plan)
  if (text !== null) process.stdout.write(`${text}\n`)
}

const codeOf = (entries: readonly Entry[]): ExitCode => {
  const end = endEntry(entries)
  if (end?.outcome === 'done') return exit.fine
  return end?.unknown && !end.changed ? exit.unknown : exit.broken
}

/** With --json stdout holds the journal only; an interactive command prints to stderr. */
const runnerInputs = async ({asks}: Plan, args: Args): Promise<RunnerInputs | Failure> => {
  if (asks?.terminal) return {terminal: {out: args.flag('json') ? 2 : 'inherit'}}
  if (!asks?.secret) return {}
  const secret = await askSecret(asks.secret)
  return isFailure(secret) ? secret : {secret}
}

/** Starts it, tells what its journal tells, and leaves when it has ended. Leaving earlier does not stop it. */
const follow = async (plan: Plan, args: Args): Promise<ExitCode> => {
  const more = await runnerInputs(plan, args)
  if (isFailure(more)) return printFailure(more)
  const started = await startPlan(plan, statePlaces(readHostEnv()), more)
  if (isFailure(started)) return printFailure(started)
  const leaving = new AbortController()
  const leave = (): void => (plan.asks?.terminal ? undefined : leaving.abort())
  process.on('SIGINT', leave)
  const entries: Entry[] = []
  const how = await started.follow(entry => {
    entries.push(entry)
    tell(entry, started.plan, args)
  }, leaving.signal)
  process.off('SIGINT', leave)
  if (how === 'ended') return codeOf(entries)
  if (how === 'lost') return printFailure(await lostProblem(started, entries)) && exit.broken
  process.stderr.write('gatecrab: The plan goes on without this terminal. `gatecrab journals` shows how it ends.\n')
  return exit.interrupted
}

const show = (plan: Plan, args: Args): void => {
  process.stdout.write(args.flag('json') ? `${toJson({at: new Date().toISOString(), kind: 'plan', plan})}\n` : planText(plan))
}

const refuse = (why: string): ExitCode => {
  process.stderr.write(`gatecrab: ${why}\n`)
  return exit.usage
}

/** Shows a plan, asks for confirmation, runs it. A plan that changes nothing needs no confirmation. */
export const runShown = async (plan: Plan, args: Args): Promise<ExitCode> => {
  if (args.flag('dry-run') || args.flag('readonly')) {
    show(plan, args)
    return args.flag('dry-run') ? exit.fine : refuse('--readonly shows plans and runs none.')
  }
  if (plan.steps.length === 0) {
    process.stdout.write(args.flag('json') ? '' : `${plan.notes.join(' ')}\n`)
    return exit.fine
  }
  const needsTerminal = plan.asks?.terminal === true && !canAsk()
  if (needsTerminal) show(plan, args)
  if (needsTerminal) return refuse('Nothing was run: its command speaks with a person, and there is no terminal.')
  const isDoubted = (plan.gateway.unproven ?? null) !== null
  if ((args.flag('yes') && !isDoubted) || plan.confirm === '') return follow(plan, args)
  show(plan, args)
  if (!canAsk() && isDoubted)
    return refuse(
      'Nothing was run: who listens is not proven to be the gateway, so a person has to type the word at a terminal; --yes does not.',
    )
  if (!canAsk()) return refuse('Nothing was run: there is no terminal to ask at, and no --yes.')
  if (await typedWord(plan.confirm)) return follow(plan, args)
  process.stderr.write('gatecrab: Nothing was run.\n')
  return exit.fine
}
