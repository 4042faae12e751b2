import type {ConfigJudged} from '../../domain/config-judged.ts'
import type {PlansKnown} from '../../domain/diagnosis/diagnosis-plans.ts'
import {type Board, boardOf, exitOf} from '../../domain/logins/credential-board.ts'
import {readConfigFile} from '../../sources/config-judge.ts'
import {readProfiles} from '../../sources/logins/profile-reader.ts'
import {statePlaces} from '../../sources/plans/journals-place.ts'
import type {Given} from '../flags.ts'
import {plansKnown} from '../plans/plans-known.ts'
import {profileLook} from '../profiles.ts'
import {isoOrNull} from '../time.ts'
import {type CopiesLook, lookAtCopies} from './copies-look.ts'
import {whereOf} from './where.ts'

/** What lies beside the logs; of past logs, or another host's, there is nothing. */
export type Beside = {
  copies: Pick<CopiesLook, 'enforced' | 'copies' | 'troubles'> | null
  profiles: Pick<Board, 'profiles' | 'agents' | 'isWhole'> | null
  /** What OpenClaw itself says of its config file, or that we can read it. */
  config?: ConfigJudged | null
  /** What became of our own plans on this gateway. */
  plans?: PlansKnown | null
}

export const besideOf = async (given: Given, now: number): Promise<Beside> => {
  if (given.list('log').length > 0) return {copies: null, profiles: null}
  // The logins that count are those of the gateway's own machine.
  const {remote, around, configFile} = whereOf(given)
  if (remote) return {copies: await lookAtCopies(given), profiles: null}
  const [copies, reading] = await Promise.all([lookAtCopies(given), readProfiles({...profileLook(given), openclaw: null}, now)])
  const config = readConfigFile(configFile)
  return {copies, profiles: boardOf(reading, now), config, plans: plansKnown(statePlaces(around), configFile)}
}

export const besideJson = ({copies, profiles}: Beside, now: number) => ({
  copies: copies && {
    enforced: {fingerprint: copies.enforced.fingerprint, by: copies.enforced.by, provenAt: copies.enforced.provenAt},
    agree: copies.copies.filter(({verdict}) => verdict === 'agrees').length,
    differ: copies.copies.filter(({verdict}) => verdict === 'differs').length,
    problems: copies.copies.flatMap(({problem}) => problem ?? []),
  },
  profiles: profiles && {
    exit: exitOf(profiles),
    states: Object.fromEntries(
      Map.groupBy(profiles.profiles, ({state}) => state)
        .entries()
        .map(([state, found]) => [state, found.length]),
    ),
    nextEndAt: isoOrNull(profiles.profiles.find(({expiresAt}) => expiresAt !== null && expiresAt > now)?.expiresAt ?? null),
  },
})
