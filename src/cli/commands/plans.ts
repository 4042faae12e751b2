import {planCommand} from '../plans/command.ts'

export const verify = planCommand('verify')

export const rotate = planCommand('rotate')

export const propagate = planCommand('propagate', {
  flags: {
    remote: {value: 'HOST', many: true, about: 'another machine that holds a copy, as ssh names it (user@host); repeatable'},
    'known-as': {
      value: 'NAME',
      many: true,
      about: 'a name by which clients call this gateway, beside those it knows; repeatable',
    },
  },
})

export const putBack = planCommand('put-back', {
  words: 'put-back [FILE]',
  about: 'put back the token of a backup, where it vanished or was replaced: the best one, or that of this file',
})

export const restart = planCommand('restart')

export const undo = planCommand('undo', {
  words: 'undo [ID]',
  about: 'take back what a plan wrote: the last one, or the one with this id',
})

export const cleanUp = planCommand('clean-up')
