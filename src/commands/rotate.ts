import {planCommand} from './plan-command.ts'

export const rotate = planCommand('rotate')
