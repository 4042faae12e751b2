import {clean} from '../../domain/clean.ts'
import {usageFailure} from '../../domain/failure.ts'
import {type Command, type CommandGroup, exit, type NamedCommand} from '../command.ts'
import {bashCompletion} from '../help/bash.ts'
import {fishCompletion} from '../help/fish.ts'
import {zshCompletion} from '../help/zsh.ts'
import {printFailure} from '../print/failure-output.ts'

const shells: Readonly<Record<string, (all: readonly NamedCommand[], topics: readonly string[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export const completion = (groups: () => Promise<CommandGroup[]>, topics: () => readonly string[]): Command => ({
  words: `completion ${Object.keys(shells).join('|')}`,
  about: 'print what makes that shell complete commands, flags and their values',
  flags: {},
  common: ['help'],
  settings: 'none',
  run: async ({positionals: [, shell = '', spare]}) => {
    const print = Object.hasOwn(shells, shell) ? shells[shell] : undefined
    if (print === undefined || spare !== undefined)
      return printFailure(
        usageFailure(shell === '' ? 'Name a shell' : `Unknown shell “${clean(spare ?? shell, 40)}”`, {
          because: `it is one of ${Object.keys(shells).join(', ')}`,
          tryThis: '`source <(gatecrab completion bash)`',
        }),
      )
    process.stdout.write(
      print(
        (await groups()).flatMap(({commands}) => commands),
        topics(),
      ),
    )
    return exit.fine
  },
})
