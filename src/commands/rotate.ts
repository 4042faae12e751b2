import {planCommand} from './plans/plan-command.ts'

export const rotate = planCommand('rotate')
