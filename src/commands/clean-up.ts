import {planCommand} from './plans/plan-command.ts'

export const cleanUp = planCommand('clean-up')
