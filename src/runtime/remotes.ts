import {listedRemotes} from '../sources/token/remotes.ts'
import type {GatewayContext} from './context.ts'

/** The machines that were named, here or in the operator's list. */
export const remotesOf = ({options, hostEnv}: Pick<GatewayContext, 'options' | 'hostEnv'>): string[] => [
  ...new Set([...options.remotes, ...listedRemotes(hostEnv)]),
]
