import type {Store} from '../app/store.ts'
import {boardOf} from '../domain/credential-board.ts'
import type {ProfileReading} from '../domain/credential-reading.ts'
import type {ProfileLook} from '../sources/profile-gathered.ts'
import {watchProfiles} from '../sources/profile-watch.ts'

const judgeAgainMs = 30_000

/** Reads the profile stores when they change, and judges them again as time goes on. */
export const profilesFeed = (look: ProfileLook, store: Store): {end: () => void} => {
  let reading: ProfileReading | null = null
  let readAt = 0
  const judge = (): void => {
    if (!reading) return
    const {profiles, agents, problems, isWhole} = boardOf(reading, Date.now())
    store.dispatchSoon({type: 'profiles-read', read: {profiles, agents, problems, isWhole, at: readAt}})
  }
  const watch = watchProfiles({
    look,
    onRead: found => {
      reading = found
      readAt = Date.now()
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
