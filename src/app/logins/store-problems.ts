import {formatFailure} from '../../domain/failure.ts'
import type {Profile} from '../../domain/logins/profile.ts'
import type {RenewalKind} from '../../domain/logins/renewal.ts'
import {rightKind, whyUnfit} from '../../domain/plans/renewal/choice.ts'

/** Why this login cannot be renewed, or not in this way; null where it can. */
export const renewalObstacle = (profile: Profile, kind: RenewalKind | null, now: number): string | null => {
  const asked = {profile, isInactive: false, isLeftover: false, now}
  const found = kind === null ? rightKind(asked) : whyUnfit(kind, asked)
  if (found === null || typeof found === 'string') return null
  return formatFailure(found.refused)
}
