import type {ProfileLocation} from '../sources/logins/gathered.ts'
import type {GatewayContext} from './context.ts'

/** Without --openclaw the command is started only for the folder that it would look at anyway. */
const openclawFor = ({options}: GatewayContext): readonly string[] | null => {
  const named = options.openclaw?.trim()
  if (named) return named.split(/\s+/)
  return options.stateDir === null && options.configFile === null ? ['openclaw'] : null
}

/** Where the profiles of the gateway that was meant are, for a command and for the screen. */
export const profileLocation = (context: GatewayContext): ProfileLocation => {
  const {options, stateDir, configFile, release, hostEnv} = context
  const isStateDirGiven = options.stateDir !== null || options.profile !== null
  return {stateDir, isStateDirGiven, configFile, release, hostEnv, openclaw: openclawFor(context)}
}
