import {areCopiesBroken} from '../../domain/diagnosis/token-and-login-problems.ts'
import {type CopiesReport, readCopiesReport} from '../../runtime/copies-report.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {wantsColour} from '../interactive.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {copiesDocument, copiesText} from '../print/copies.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'

const flags = {
  ask: {about: 'ask the gateway which of them it accepts: each candidate once, then a random one'},
  compose: {value: 'DIR', about: "the docker compose folder (default: that of the gateway's container)"},
  remote: {value: 'HOST', many: true, about: 'another machine that holds a copy, as ssh names it; repeatable'},
  since: {value: 'T', about: 'clients refused from then on (default 24h)'},
  json: {about: 'one JSON document'},
} satisfies Flags

/** Proven by the gateway itself, or nothing to prove since it asks for no token. */
const isProven = ({enforced, tokenProblems}: CopiesReport): boolean =>
  enforced.by === 'oracle' || tokenProblems.some(({id}) => id === 'other-mode')

const exitCodeFor = (look: CopiesReport): ExitCode => {
  if (areCopiesBroken(look)) return exit.broken
  if (isProven(look)) return exit.fine
  return printFailure({
    title: 'Which token the gateway takes is not proven',
    because: look.enforced.because ?? 'nobody could ask it',
    tryThis: `look whether it runs: openclaw gateway status`,
    from: 'gateway',
  })
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const look = await readCopiesReport(await locate())
  const colour = process.stdout.isTTY === true && wantsColour(args)
  process.stdout.write(
    args.flag('json') ? `${toJson(copiesDocument(look), 2)}\n` : copiesText(look, {colour, ascii: args.flag('ascii')}),
  )
  return exitCodeFor(look)
}

export const copies: Command = {
  words: 'copies',
  about: "every copy of the gateway's token, and which of them it takes",
  flags,
  common: [...readingFlags, 'no-color', 'ascii'],
  run,
}
