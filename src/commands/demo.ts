import type {Command, ExitCode} from './command.ts'
import type {Given} from './flags.ts'
import {exit} from './command.ts'

export const runDemo = async (_given: Given, said: string): Promise<ExitCode> => {
  process.stdout.write(`${said}\n`)
  return exit.fine
}

export const demo: Command = {words: 'demo', about: 'the screen on a gateway of our own', flags: {}, run: given => runDemo(given, 'demo')}
