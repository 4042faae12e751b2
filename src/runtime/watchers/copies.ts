import type {Store} from '../../app/store.ts'
import {minuteMs} from '../../domain/durations.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import type {TokenCopy} from '../../domain/token/copy.ts'
import {assumed} from '../../domain/token/evaluate.ts'
import {findTokenProblems} from '../../domain/token/token-problems.ts'
import {winner} from '../../domain/token/winner.ts'
import {every} from '../../sources/every.ts'
import {changedAt} from '../../sources/files.ts'
import {type CopyLocations, readCopies} from '../../sources/token/places.ts'

const everyMs = 15_000
const wholeEveryMs = minuteMs

const hasChanged = ({spot}: TokenCopy): boolean => spot !== undefined && changedAt(spot.file) !== spot.changedAt

/** Finding the gateway's process by its port scans all processes; the socket table already names it. */
const holderIn = (store: Store): {pid?: number | null} => {
  const {live} = store.state()
  const table = live?.table ?? null
  const pids = new Set(table?.listeners.map(({pid}) => pid))
  const [pid = null] = pids
  // Of a listener that is not proven nothing is read.
  if (live?.listener?.is !== 'gateway') return {}
  return table === null || table.problem !== null || pids.size > 1 || (pids.size === 1 && pid === null) ? {} : {pid}
}

/** Polls the copies of the token: files and the service manager, never the gateway. */
export const copiesFeed = (locationsNow: () => CopyLocations, store: Store): {read: () => void; end: () => void} => {
  let isEnded = false
  const read = async (): Promise<void> => {
    const locations = locationsNow()
    const {copies, setup} = await readCopies({...locations, ...holderIn(store)})
    if (isEnded) return
    const before = store.state().copies
    const enforced =
      before?.enforced.by === 'oracle' ? before.enforced : assumed(winner(copies, locations.release, setup.authMode))
    const tokenProblems = findTokenProblems({
      release: locations.release,
      enforced,
      setup,
      shellEnv: locations.hostEnv.env,
      copies,
    })
    store.dispatchSoon({type: 'copies-read', read: {enforced, copies, tokenProblems: tokenProblems, at: Date.now()}})
  }
  const start = (): void => {
    read().catch(error =>
      store.dispatch({type: 'failed', problem: unexpectedFailure('The copies of the token cannot be read', error)}),
    )
  }
  /** Asking the service manager costs more than all the files together. */
  const startIfDue = (): void => {
    const copiesView = store.state().copies
    if (copiesView === null || Date.now() - copiesView.at >= wholeEveryMs || copiesView.copies.some(hasChanged)) start()
  }
  start()
  const stop = every(everyMs, startIfDue)
  return {
    read: start,
    end: () => {
      isEnded = true
      stop()
    },
  }
}
