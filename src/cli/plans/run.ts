import readline from 'node:readline/promises'
import {type Failure, isFailure} from '../../domain/failure.ts'
import {type RenewalAsks, secretProblem} from '../../domain/logins/renewal.ts'
import {type Entry, endEntry} from '../../domain/plans/journal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {Secret} from '../../domain/secret.ts'
import {lostProblem} from '../../runtime/plans/journal-lines.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {type RunnerInputs, startPlan} from '../../sources/plans/runner-start.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {type ExitCode, exit} from '../command.ts'
import type {Args} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {entryText, planText} from '../print/plan.ts'

/** The word that runs the plan, typed at a terminal. Anything else runs nothing. */
const typedWord = async (word: string): Promise<boolean> => {
  const asking = readline.createInterface({input: process.stdin, output: process.stderr})
  try {
    const answer = await asking.question(`Type ${word} to run it, anything else to leave it: `)
    return answer.trim() === word
  } catch {
    return false
  } finally {
    asking.close()
  }
}

const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

const readAll = async (): Promise<string> => {
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text
}

const bracketed = /\u001b\[20[01]~/g
const sequences = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.)/g

/** The input so far, as characters: backspace removes one, Ctrl-U all. */
const typed = (before: string, chunk: string): string => {
  let text = before
  for (const char of chunk.replace(bracketed, '').replace(sequences, '')) {
    if (char === '\u007f' || char === '\b') text = text.slice(0, -1)
    else if (char === '\u0015') text = ''
    else if (char >= ' ') text += char
  }
  return text
}

/** Typed or pasted at the terminal; only its length is shown. Null: it was left with Ctrl-C or Ctrl-D. */
const masked = (question: string): Promise<string | null> =>
  new Promise(resolve => {
    const {stdin, stderr} = process
    let text = ''
    const show = (): void =>
      void stderr.write(`\r\u001b[K${question}${text === '' ? '' : `${'*'.repeat(Math.min(text.length, 12))} (${text.length})`}`)
    const end = (found: string | null): void => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      resolve(found)
    }
    const onData = (chunk: string): void => {
      const stop = chunk.search(/[\r\n\u0003\u0004]/)
      text = typed(text, stop === -1 ? chunk : chunk.slice(0, stop))
      show()
      if (stop !== -1) end(/[\r\n]/.test(chunk[stop] ?? '') ? text : null)
    }
    stdin.setRawMode(true)
    stdin.setEncoding('utf8')
    stdin.on('data', onData)
    stdin.resume()
    show()
  })

const failure = (title: string, because: string, tryThis: string): Failure => ({title, because, tryThis, from: 'you'})

/** The new secret: from a pipe as it is, from a terminal through a masked field. Never from the command line. */
const askSecret = async (asks: NonNullable<RenewalAsks['secret']>): Promise<Secret | Failure> => {
  const isPerson = process.stdin.isTTY === true
  const text = isPerson ? await masked(`${asks.what} (it is not shown): `) : await readAll()
  if (text === null) return failure('Nothing was run', 'the field was left', 'run it again')
  const invalid = secretProblem(text.trim(), asks)
  if (invalid === null) return new Secret(text.trim())
  return failure(
    `That is no ${asks.what}`,
    invalid,
    isPerson ? 'nothing was run' : 'feed it on standard input: `gatecrab renew … --yes < FILE`',
  )
}

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
