import {isFailure} from '../../domain/failure.ts'
import {runInTerminal, type ScreenApp, type TerminalSession} from '../../tui/terminal/terminal-session.ts'
import {type ExitCode, exit} from '../command.ts'
import {wantsColour} from '../interactive.ts'
import type {Args} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'

/** A screen as the flags want it to look, and its end as an exit code. */
export const runOnTerminal = async (args: Args, createApp: (session: TerminalSession) => ScreenApp): Promise<ExitCode> => {
  const end = await runInTerminal({colour: wantsColour(args), isAscii: args.flag('ascii')}, createApp)
  if (isFailure(end)) return printFailure(end)
  return end === 'interrupted' ? exit.interrupted : exit.fine
}
