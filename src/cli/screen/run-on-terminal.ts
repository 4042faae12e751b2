import {isFailure} from '../../domain/failure.ts'
import {keepHeapSmall} from '../../runtime/small-heap.ts'
import {runInTerminal, type ScreenApp, type TerminalSession} from '../../tui/terminal/terminal-session.ts'
import {type ExitCode, exit} from '../command.ts'
import {lookOf} from '../look.ts'
import type {Args} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'

/** A screen as the flags want it to look, and its end as an exit code. */
export const runOnTerminal = async (args: Args, createApp: (session: TerminalSession) => ScreenApp): Promise<ExitCode> => {
  const look = lookOf(args, process.env)
  if (isFailure(look)) return printFailure(look)
  keepHeapSmall()
  const end = await runInTerminal(look, createApp)
  if (isFailure(end)) return printFailure(end)
  return end === 'interrupted' ? exit.interrupted : exit.fine
}
