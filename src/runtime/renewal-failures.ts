import {dayMs} from '../domain/durations.ts'
import {notAsked} from '../domain/live/listener.ts'
import {isBroken, type Profile, type RenewalFailure, renewalFailureOf} from '../domain/logins/profile.ts'
import type {GatewayContext} from './context.ts'
import {logNamesOf} from './log-names.ts'
import {takeSnapshot} from './snapshot.ts'

const mayBeTold = ({type, state}: Profile): boolean => type === 'oauth' && isBroken(state)

/** Why the renewals of lost sign-ins failed, by the log of the last day; it is read only where one is lost. */
export const readRenewalFailures = async (
  context: GatewayContext,
  profiles: readonly Profile[],
): Promise<ReadonlyMap<Profile, RenewalFailure>> => {
  const found = new Map<Profile, RenewalFailure>()
  const lost = profiles.filter(mayBeTold)
  if (lost.length === 0) return found
  const {world} = await takeSnapshot(context, dayMs, Promise.resolve(notAsked))
  const names = {profiles, logNames: logNamesOf(profiles)}
  for (const profile of lost) {
    const failure = renewalFailureOf(world, profile, names)
    if (failure) found.set(profile, failure)
  }
  return found
}
