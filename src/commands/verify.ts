import {planCommand} from './plan-command.ts'

export const verify = planCommand('verify')
