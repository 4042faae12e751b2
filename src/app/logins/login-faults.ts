import type {Profile} from '../../domain/logins/credential-profile.ts'
import type {RenewalKind} from '../../domain/logins/renewal.ts'
import {rightKind, unfit} from '../../domain/logins/renewal-choice.ts'
import {inWords} from '../../domain/problem.ts'

/** Why this login cannot be renewed, or not in this way; null where it can. */
export const renewalFault = (profile: Profile, kind: RenewalKind | null, now: number): string | null => {
  const asked = {profile, isInactive: false, isLeftover: false, now}
  const found = kind === null ? rightKind(asked) : unfit(kind, asked)
  if (found === null || typeof found === 'string') return null
  return inWords(found.refused)
}
