export type Budget = {
  spend: (ms: number) => void
  /** How long to wait until there is anything left to spend. */
  wait: () => number
}

const savedMs = 15_000

/** A part of one core, that can be saved up for a while. */
export const createCpuBudget = (share: number): Budget => {
  const max = share * savedMs
  let left = max
  let at = performance.now()
  const earn = (): void => {
    const now = performance.now()
    left = Math.min(max, left + (now - at) * share)
    at = now
  }
  return {
    spend: ms => {
      earn()
      left -= ms
    },
    wait: () => {
      earn()
      return Math.max(0, -left / share)
    },
  }
}
