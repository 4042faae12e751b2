import {planCommand} from '../plans/command.ts'

export const undo = planCommand('undo', {
  words: 'undo [ID]',
  about: 'take back what a plan wrote: the last one, or the one with this id',
})
