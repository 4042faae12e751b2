import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import {buildProfileReport, type ProfileReport} from '../domain/logins/profile-report.ts'
import {readConfigFile} from '../sources/config-check.ts'
import {readProfiles} from '../sources/logins/reader.ts'
import {statePlaces} from '../sources/plans/journals-folder.ts'
import type {GatewayContext} from './context.ts'
import {type CopiesReport, readCopiesReport} from './copies-report.ts'
import {plansState} from './plans/plans-status.ts'
import {profileLocation} from './profiles.ts'

/** Results from outside the logs; none for historical logs or a remote host. */
export type TokenAndLoginStatus = {
  copies: Pick<CopiesReport, 'enforced' | 'copies' | 'tokenProblems'> | null
  profiles: Pick<ProfileReport, 'profiles' | 'agents' | 'isWhole'> | null
  /** What OpenClaw itself says of its config file, or that we can read it. */
  config?: ConfigValidation | null
  /** The outcome of our own plans on this gateway. */
  plans?: PlansState | null
}

export const readTokenAndLoginStatus = async (context: GatewayContext, now: number): Promise<TokenAndLoginStatus> => {
  const {options, remote, hostEnv, configFile} = context
  if (options.logs.length > 0) return {copies: null, profiles: null}
  // The logins that count are those of the gateway's own machine.
  if (remote) return {copies: await readCopiesReport(context), profiles: null}
  const [copies, reading] = await Promise.all([
    readCopiesReport(context),
    readProfiles({...profileLocation(context), openclaw: null}, now),
  ])
  const config = readConfigFile(configFile)
  return {copies, profiles: buildProfileReport(reading, now), config, plans: plansState(statePlaces(hostEnv), configFile)}
}
