import type {Store} from '../../app/store.ts'
import {minuteMs} from '../../domain/durations.ts'
import type {TokenCopy} from '../../domain/token/token-copy.ts'
import {findTokenProblems} from '../../domain/token/token-copy-troubles.ts'
import {assumed} from '../../domain/token/token-copy-verdict.ts'
import {winner} from '../../domain/token/token-copy-winner.ts'
import {changedAt} from '../../sources/file-stamp.ts'
import {type CopyLocations, readCopies} from '../../sources/token/token-places.ts'

const everyMs = 15_000
const wholeEveryMs = minuteMs

const hasChanged = ({spot}: TokenCopy): boolean => spot !== undefined && changedAt(spot.file) !== spot.changedAt

/** Whoever looks for the process of the gateway by its port looks through all processes; the table of connections names it. */
const holderIn = (store: Store): {pid?: number | null} => {
  const {live} = store.state()
  const table = live?.table ?? null
  const pids = new Set(table?.listeners.map(({pid}) => pid))
  const [pid = null] = pids
  // Of a listener that is not proven nothing is read.
  if (live?.listener?.is !== 'gateway') return {}
  return table === null || table.problem !== null || pids.size > 1 || (pids.size === 1 && pid === null) ? {} : {pid}
}

/** Reads the copies of the token now and then: files and what the service manager keeps, never the gateway. */
export const copiesFeed = (wantedNow: () => CopyLocations, store: Store): {read: () => void; end: () => void} => {
  let isEnded = false
  const read = async (): Promise<void> => {
    const locations = wantedNow()
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
      store.dispatch({
        type: 'failed',
        problem: {
          title: 'The copies of the token cannot be read',
          because: error instanceof Error ? error.message : String(error),
          from: 'us',
        },
      }),
    )
  }
  /** Asking the service manager costs more than all the files together. */
  const startIfDue = (): void => {
    const copiesView = store.state().copies
    if (copiesView === null || Date.now() - copiesView.at >= wholeEveryMs || copiesView.copies.some(hasChanged)) start()
  }
  start()
  const timer = setInterval(startIfDue, everyMs)
  return {
    read: start,
    end: () => {
      isEnded = true
      clearInterval(timer)
    },
  }
}
