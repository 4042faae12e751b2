import {planCommand} from '../plans/command.ts'

export const restart = planCommand('restart')
