import {planCommand} from '../plans/command.ts'

export const cleanUp = planCommand('clean-up')
