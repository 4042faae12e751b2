export type Again = 'soon' | 'later'

const minMs = 1000
const maxMs = 30_000
const maxHintMs = 300_000
const maxSoonTries = 20

/** How often it was tried in vain: where it will soon be there again, and otherwise. */
export type Tries = {soon: number; later: number}

export const emptyTries: Tries = {soon: 0, later: 0}

export const oneMore = ({soon, later}: Tries, again: Again): Tries =>
  again === 'soon' && soon < maxSoonTries ? {soon: soon + 1, later} : {soon, later: later + 1}

/** Full jitter: somewhere between now and a limit that doubles with each try in vain, so that no two watchers keep step. */
export const waitBefore = ({soon, later}: Tries, again: Again, hintMs: number, random: () => number): number => {
  const limit = again === 'soon' && soon < maxSoonTries ? minMs : Math.min(maxMs, minMs * 2 ** later)
  return Math.round(Math.min(hintMs, maxHintMs) + random() * limit)
}
