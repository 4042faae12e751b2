import type {Frame} from '../../gateway/frames/frames.ts'

export type Overdue = {heard: (frame: Frame) => void; stop: () => void}

const patienceMs = 1500

/**
 * Releases up to 2026.7.35 do not send their list when a client comes, only a higher number of it. Asking for it would take a scope
 * that they do not grant, so the list is had by a new hello, which they write no line about.
 */
export const overdueList = (leastMs: number, renew: () => void): Overdue => {
  const began = performance.now()
  let known: number | null = null
  let timer: NodeJS.Timeout | undefined

  const isKnown = (version: number | null): void => {
    known = version
    clearTimeout(timer)
    timer = undefined
  }
  const isNamed = (version: number | null): void => {
    if (known === null || version === null || version <= known || timer) return
    timer = setTimeout(renew, Math.max(patienceMs, began + leastMs - performance.now()))
    timer.unref()
  }
  return {
    heard: frame => {
      if (frame.kind === 'hello' && (frame.presence?.length ?? 0) > 0) isKnown(frame.presenceVersion)
      if (frame.kind === 'presence') isKnown(frame.presenceVersion)
      if (frame.kind === 'health') isNamed(frame.presenceVersion)
    },
    stop: () => clearTimeout(timer),
  }
}
