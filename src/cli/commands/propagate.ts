import {planCommand} from '../plans/command.ts'

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
