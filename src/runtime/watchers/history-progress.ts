import type {HistoryProgress} from '../../app/state.ts'

/** What is over by then needs no word. */
const quietMs = 2000
const everyMs = 1000

/** Tells how far a long reading is, at most once a second; the rest is thought to take as long a byte as what was read. */
export const historyProgress = (
  tell: (progress: HistoryProgress) => void,
  clock: () => number = () => performance.now(),
): ((share: number) => void) => {
  const startedAt = clock()
  let nextAt = startedAt + quietMs
  return share => {
    const now = clock()
    if (now < nextAt || share <= 0) return
    nextAt = now + everyMs
    tell({share, leftMs: ((now - startedAt) * (1 - share)) / share})
  }
}
