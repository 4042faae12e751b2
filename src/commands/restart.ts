import {planCommand} from './plan-command.ts'

export const restart = planCommand('restart')
