import {planCommand} from './plans/plan-command.ts'

export const restart = planCommand('restart')
