import {version} from '../../runtime/version.ts'
import {type Command, type CommandGroup, exit} from '../command.ts'
import {manPage} from '../help/man.ts'

export const man = (groups: () => Promise<CommandGroup[]>): Command => ({
  words: 'man',
  about: 'print the manual page: gatecrab man | man -l -',
  flags: {},
  common: ['help'],
  settings: 'none',
  run: async () => {
    process.stdout.write(manPage(await groups(), version))
    return exit.fine
  },
})
