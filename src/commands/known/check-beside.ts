import type {ConfigValidation} from '../../domain/config-judged.ts'
import type {PlansState} from '../../domain/diagnosis/diagnosis-plans.ts'
import {buildProfileReport, type ProfileReport, profileExitCode} from '../../domain/logins/credential-board.ts'
import {readConfigFile} from '../../sources/config-judge.ts'
import {readProfiles} from '../../sources/logins/profile-reader.ts'
import {statePlaces} from '../../sources/plans/journals-place.ts'
import type {Args} from '../flags.ts'
import {plansState} from '../plans/plans-known.ts'
import {profileLook} from '../profiles.ts'
import {isoOrNull} from '../time.ts'
import {type CopiesReport, readCopiesReport} from './copies-look.ts'
import {resolveContext} from './where.ts'

/** What lies beside the logs; of past logs, or another host's, there is nothing. */
export type TokenAndLoginStatus = {
  copies: Pick<CopiesReport, 'enforced' | 'copies' | 'tokenProblems'> | null
  profiles: Pick<ProfileReport, 'profiles' | 'agents' | 'isWhole'> | null
  /** What OpenClaw itself says of its config file, or that we can read it. */
  config?: ConfigValidation | null
  /** What became of our own plans on this gateway. */
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
