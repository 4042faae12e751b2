import type {DeviceStore} from '../domain/devices/device.ts'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import type {Reach} from '../domain/live/listener.ts'
import {buildProfileReport, type ProfileReport} from '../domain/logins/profile-report.ts'
import {readRestedConfig} from '../sources/config-check.ts'
import {readDeviceStore} from '../sources/devices/reader.ts'
import {readProfiles} from '../sources/logins/reader.ts'
import {statePlaces} from '../sources/plans/journals-folder.ts'
import type {CopiesRead} from '../sources/token/places.ts'
import type {GatewayContext} from './context.ts'
import {plansState} from './plans/plans-status.ts'
import {profileLocation} from './profiles.ts'
import {readTokenStatus, type TokenStatus} from './token-status.ts'

/** Results from outside the logs; none for historical logs or a remote host. */
export type TokenAndLoginStatus = {
  copies: TokenStatus | null
  profiles: Pick<ProfileReport, 'profiles' | 'agents' | 'isWhole'> | null
  /** What OpenClaw itself says of its config file, or that we can read it. */
  config?: ConfigValidation | null
  /** The outcome of our own plans on this gateway. */
  plans?: PlansState | null
  /** The gateway's own store of devices. */
  devices?: DeviceStore | null
}

/** What several look at and one has read. */
export type SharedReads = {copies: () => Promise<CopiesRead>; reach: Promise<Reach>}

export const readTokenAndLoginStatus = async (
  context: GatewayContext,
  now: number,
  gathered: SharedReads,
): Promise<TokenAndLoginStatus> => {
  const {options, remote, hostEnv, configFile} = context
  if (options.logs.length > 0) return {copies: null, profiles: null}
  // The logins that count are those of the gateway's own machine.
  const tokens = async (): Promise<TokenStatus> =>
    readTokenStatus(context, {read: await gathered.copies(), reach: await gathered.reach})
  if (remote) return {copies: await tokens(), profiles: null}
  const [copies, reading, devices] = await Promise.all([
    tokens(),
    readProfiles({...profileLocation(context), openclaw: null}, now),
    readDeviceStore(context.stateDir, context.release),
  ])
  const config = await readRestedConfig(configFile)
  const plans = plansState(statePlaces(hostEnv), configFile)
  return {copies, profiles: buildProfileReport(reading, now, options.warnAfterMs), config, plans, devices: devices.store}
}
