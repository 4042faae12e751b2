import {createHash} from 'node:crypto'
import type {LogNames, Profile} from '../domain/logins/profile.ts'

const logName = (profileId: string): string => `sha256:${createHash('sha256').update(profileId).digest('hex').slice(0, 12)}`

/** By what name the gateway's log knows each login. */
export const logNamesOf = (profiles: readonly Profile[]): LogNames =>
  new Map(profiles.map(({profileId}) => [profileId, logName(profileId)]))
