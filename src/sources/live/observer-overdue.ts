import type {Frame} from '../../gateway/frames/frames.ts'

export type OverdueList = {onFrame: (frame: Frame) => void; stop: () => void}

const timeoutMs = 1500

/**
 * Releases up to 2026.7.35 do not send their list when a client comes, only a higher number of it. Asking for it would take a scope
 * that they do not grant, so the list is had by a new hello, which they write no line about.
 */
export const overdueList = (minMs: number, renew: () => void): OverdueList => {
  const began = performance.now()
  let currentVersion: number | null = null
  let timer: NodeJS.Timeout | undefined

  const setVersion = (version: number | null): void => {
    currentVersion = version
    clearTimeout(timer)
    timer = undefined
  }
  const onVersion = (version: number | null): void => {
    if (currentVersion === null || version === null || version <= currentVersion || timer) return
    timer = setTimeout(renew, Math.max(timeoutMs, began + minMs - performance.now()))
    timer.unref()
  }
  return {
    onFrame: frame => {
      if (frame.kind === 'hello' && (frame.presence?.length ?? 0) > 0) setVersion(frame.presenceVersion)
      if (frame.kind === 'presence') setVersion(frame.presenceVersion)
      if (frame.kind === 'health') onVersion(frame.presenceVersion)
    },
    stop: () => clearTimeout(timer),
  }
}
