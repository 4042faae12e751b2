import {createHash} from 'node:crypto'
import type {Store} from '../app/store.ts'
import {boardOf} from '../domain/credential-board.ts'
import type {Profile} from '../domain/credential-profile.ts'
import type {ProfileReading} from '../domain/credential-reading.ts'
import type {LogNames} from '../domain/provider-login.ts'
import type {ProfileLook} from '../sources/profile-gathered.ts'
import {watchProfiles} from '../sources/profile-watch.ts'

const logName = (profileId: string): string => `sha256:${createHash('sha256').update(profileId).digest('hex').slice(0, 12)}`

/** By what name the gateway's log knows each login. */
const logNamesOf = (profiles: readonly Profile[]): LogNames =>
  new Map(profiles.map(({profileId}) => [profileId, logName(profileId)]))

const judgeAgainMs = 30_000

/** Reads the profile stores when they change, and judges them again as time goes on. */
export const profilesFeed = (look: ProfileLook, store: Store, now: () => number): {end: () => void} => {
  let reading: ProfileReading | null = null
  const judge = (): void => {
    if (!reading) return
    const {profiles, agents, problems, isWhole} = boardOf(reading, now())
    store.dispatchSoon({
      type: 'profiles-read',
      read: {profiles, agents, problems, isWhole, at: reading.at, logNames: logNamesOf(profiles)},
    })
  }
  const watch = watchProfiles({
    look,
    now,
    onRead: found => {
      reading = found
      judge()
    },
  })
  const timer = setInterval(judge, judgeAgainMs)
  return {
    end: () => {
      clearInterval(timer)
      watch.close()
    },
  }
}
