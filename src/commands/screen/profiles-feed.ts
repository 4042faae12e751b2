import type {Store} from '../../app/store.ts'
import {boardOf} from '../../domain/logins/credential-board.ts'
import type {ProfileReading} from '../../domain/logins/credential-reading.ts'
import type {ProfileLook} from '../../sources/logins/profile-gathered.ts'
import {watchProfiles} from '../../sources/logins/profile-watch.ts'
import {logNamesOf} from '../known/log-names.ts'

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
