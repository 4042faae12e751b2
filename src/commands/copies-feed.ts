import type {Store} from '../app/store.ts'
import {troublesOf} from '../domain/token-copy-troubles.ts'
import {assumed} from '../domain/token-copy-verdict.ts'
import {winner} from '../domain/token-copy-winner.ts'
import {type CopiesWanted, readCopies} from '../sources/token-places.ts'

const everyMs = 15_000

/** Reads the copies of the token now and then: files and what the service manager keeps, never the gateway. */
export const copiesFeed = (wanted: CopiesWanted, store: Store): {read: () => void; end: () => void} => {
  let isEnded = false
  const read = async (): Promise<void> => {
    const {copies, setup} = await readCopies(wanted)
    if (isEnded) return
    const before = store.state().copies
    const enforced = before?.enforced.by === 'oracle' ? before.enforced : assumed(winner(copies, wanted.release))
    const troubles = troublesOf({release: wanted.release, enforced, setup, shellEnv: wanted.around.env, copies})
    store.dispatchSoon({type: 'copies-read', read: {enforced, copies, troubles, at: Date.now()}})
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
  start()
  const timer = setInterval(start, everyMs)
  return {
    read: start,
    end: () => {
      isEnded = true
      clearInterval(timer)
    },
  }
}
