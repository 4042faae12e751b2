import {planCommand} from './plans/plan-command.ts'

export const verify = planCommand('verify')
