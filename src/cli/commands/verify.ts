import {planCommand} from '../plans/command.ts'

export const verify = planCommand('verify')
