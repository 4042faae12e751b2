import {profileLook} from '../cli/commands/profiles.ts'
import {isoOrNull} from '../cli/moment-flags.ts'
import type {Args} from '../cli/options.ts'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import {buildProfileReport, type ProfileReport, profileExitCode} from '../domain/logins/profile-report.ts'
import {readConfigFile} from '../sources/config-check.ts'
import {readProfiles} from '../sources/logins/reader.ts'
import {statePlaces} from '../sources/plans/journals-folder.ts'
import {resolveContext} from './context.ts'
import {type CopiesReport, readCopiesReport} from './copies-report.ts'
import {plansState} from './plans/plans-status.ts'

/** Results from outside the logs; none for historical logs or a remote host. */
export type TokenAndLoginStatus = {
  copies: Pick<CopiesReport, 'enforced' | 'copies' | 'tokenProblems'> | null
  profiles: Pick<ProfileReport, 'profiles' | 'agents' | 'isWhole'> | null
  /** What OpenClaw itself says of its config file, or that we can read it. */
  config?: ConfigValidation | null
  /** The outcome of our own plans on this gateway. */
  plans?: PlansState | null
}

export const readTokenAndLoginStatus = async (args: Args, now: number): Promise<TokenAndLoginStatus> => {
  if (args.values('log').length > 0) return {copies: null, profiles: null}
  // The logins that count are those of the gateway's own machine.
  const {remote, hostEnv, configFile} = resolveContext(args)
  if (remote) return {copies: await readCopiesReport(args), profiles: null}
  const [copies, reading] = await Promise.all([readCopiesReport(args), readProfiles({...profileLook(args), openclaw: null}, now)])
  const config = readConfigFile(configFile)
  return {copies, profiles: buildProfileReport(reading, now), config, plans: plansState(statePlaces(hostEnv), configFile)}
}

export const tokenAndLoginJson = ({copies, profiles}: TokenAndLoginStatus, now: number) => ({
  copies: copies && {
    enforced: {fingerprint: copies.enforced.fingerprint, by: copies.enforced.by, provenAt: copies.enforced.provenAt},
    agree: copies.copies.filter(({verdict}) => verdict === 'agrees').length,
    differ: copies.copies.filter(({verdict}) => verdict === 'differs').length,
    problems: copies.copies.flatMap(({problem}) => problem ?? []),
  },
  profiles: profiles && {
    exit: profileExitCode(profiles),
    states: Object.fromEntries(
      Map.groupBy(profiles.profiles, ({state}) => state)
        .entries()
        .map(([state, found]) => [state, found.length]),
    ),
    nextEndAt: isoOrNull(profiles.profiles.find(({expiresAt}) => expiresAt !== null && expiresAt > now)?.expiresAt ?? null),
  },
})
