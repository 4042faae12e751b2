import {planCommand} from '../plans/command.ts'

export const verify = planCommand('verify')

export const rotate = planCommand('rotate', {
  notes: [
    'Where gateway.auth.token is a reference, what it leads to is changed and the config stays: a secret file, a value of the secret store of OpenClaw, a variable of a .env, an EnvironmentFile or compose. What a command fetches is refused. Password mode has the same plan and proofs.',
    'Afterwards the screen (b) shows which clients are back and which are not.',
  ],
})

export const propagate = planCommand('propagate', {
  notes: [
    'Other machines are reached through ssh, with the token on standard input: list them in ~/.config/gatecrab/remotes, one user@host a line, or name them with --remote. Only a client of this gateway is written to; --known-as adds a name that this gateway has.',
    'No token is written into a file that another account owns or that others can read: the plan names the file and what helps. A compose folder counts when --compose names it, when the container of the gateway does, or when the unit works in it; not the one that you are in.',
  ],
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
