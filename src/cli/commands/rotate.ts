import {planCommand} from '../plans/command.ts'

export const rotate = planCommand('rotate')
