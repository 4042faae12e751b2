import {formatFailure} from '../../domain/failure.ts'
import {isRefusal, type Refusal} from '../../domain/plans/make-plan.ts'
import {fixAbout, type GatewayFix} from '../../domain/plans/plan.ts'
import {makePlan} from '../../runtime/plans/make.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type Args, type Flags, planningFlags} from '../options.ts'
import {toJson} from '../print/json.ts'
import {runShown} from './run.ts'

export const planFlags = {
  'dry-run': {about: 'print the plan, run nothing'},
  yes: {about: 'run it without asking for the word'},
  json: {about: 'NDJSON: the entries of its journal as they come'},
  compose: {value: 'DIR', about: "the docker compose folder (default: that of the gateway's container)"},
} satisfies Flags

/** With --json the refusal is a line of its own, as a script reads one stream. */
export const printRefusal = ({refused, unknown, usage}: Refusal, args: Args): ExitCode => {
  if (args.flag('json'))
    process.stdout.write(`${toJson({at: new Date().toISOString(), kind: 'refused', problem: refused, unknown})}\n`)
  process.stderr.write(`gatecrab: ${formatFailure(refused)}\n`)
  return usage ? exit.usage : unknown ? exit.unknown : exit.broken
}

const run = async (fix: GatewayFix, args: Args, locate: Locate): Promise<ExitCode> => {
  const {made} = await makePlan(fix, await locate(), {undo: args.positionals[1] ?? null, backup: args.positionals[1] ?? null})
  return isRefusal(made) ? printRefusal(made, args) : runShown(made, args)
}

/** A fix as a command: shows its plan, asks for the word, runs it, follows it. */
export const planCommand = (
  fix: GatewayFix,
  more: Partial<Pick<Command, 'words' | 'about' | 'flags' | 'notes'>> = {},
): Command => ({
  words: more.words ?? fix,
  about: more.about ?? fixAbout(fix),
  flags: {...planFlags, ...more.flags},
  common: planningFlags,
  notes: more.notes ?? [],
  run: (args, locate) => run(fix, args, locate),
})
