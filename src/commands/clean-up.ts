import {planCommand} from './plan-command.ts'

export const cleanUp = planCommand('clean-up')
