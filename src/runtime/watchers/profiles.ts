import type {Store} from '../../app/store.ts'
import {buildProfileReport} from '../../domain/logins/profile-report.ts'
import type {ProfileReading} from '../../domain/logins/reading.ts'
import {every} from '../../sources/every.ts'
import type {ProfileLocation} from '../../sources/logins/gathered.ts'
import {watchProfiles} from '../../sources/logins/watch.ts'
import {clockOf} from '../live-options.ts'
import {logNamesOf} from '../log-names.ts'
import type {Options} from '../options.ts'

const reassessMs = 30_000

/** Reads the profile stores when they change, and judges them again as time goes on. */
export const profilesFeed = (look: ProfileLocation, store: Store, options: Options): {end: () => void} => {
  const now = clockOf(options)
  let reading: ProfileReading | null = null
  const reassess = (): void => {
    if (!reading) return
    const {profiles, agents, problems, isWhole} = buildProfileReport(reading, now(), options.warnAfterMs)
    store.dispatchSoon({
      type: 'profiles-read',
      read: {profiles, agents, problems, isWhole, at: reading.at, logNames: logNamesOf(profiles)},
    })
  }
  const watch = watchProfiles({
    location: look,
    now,
    onRead: found => {
      reading = found
      reassess()
    },
  })
  const stop = every(reassessMs, reassess)
  return {
    end: () => {
      stop()
      watch.close()
    },
  }
}
