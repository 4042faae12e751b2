import type {Store} from '../../app/store.ts'
import {every} from '../../sources/every.ts'
import type {StatePlaces} from '../../sources/plans/journals-folder.ts'
import {plansState} from '../plans/plans-status.ts'

const everyMs = 10_000

/** Plans of other terminals end, or are cut off, at any time. */
export const plansFeed = (places: StatePlaces, configFile: string, store: Store): {read: () => void; end: () => void} => {
  let before = ''
  const read = (): void => {
    const plans = plansState(places, configFile)
    const text = JSON.stringify(plans)
    if (text !== before) store.dispatchSoon({type: 'plans-read', plans})
    before = text
  }
  const stop = every(everyMs, read)
  read()
  return {read, end: stop}
}
