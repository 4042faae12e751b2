import {every} from '../every.ts'

export type SilenceTiming = {pingMs: number; silentMs: number; helloMs: number; giveUpMs: number}

export type Silence = {
  onActivity: () => void
  accepted: () => void
  opened: () => void
  admitted: () => void
  stop: () => void
}

export type SilenceListener = {
  ping: () => void
  onSilent: (forMs: number) => void
  onVoice: () => void
  /** Nothing is to be hoped for from this connection. */
  onHopeless: (why: 'NO-HELLO' | 'NO-ANSWER') => void
}

/**
 * Tells a peer that is silent from one that has nothing to say, by pings. On loopback a silent peer is waited for without end: it is
 * frozen, and each new connection would only lengthen the queue in front of it.
 */
export const watchSilence = (timing: SilenceTiming, isLocal: boolean, listener: SilenceListener): Silence => {
  const began = performance.now()
  const stepMs = timing.pingMs / 2
  let lastStep = began
  let lastActivityAt = began
  let lastPing = began
  let isSilent = false
  let stage: 'knocking' | 'accepted' | 'open' | 'in' = 'knocking'

  const onActivity = (): void => {
    lastActivityAt = performance.now()
    if (!isSilent) return
    isSilent = false
    listener.onVoice()
  }
  const isHopeless = (forMs: number, now: number): 'NO-HELLO' | 'NO-ANSWER' | null => {
    if (stage === 'open' && !isSilent && now - began > timing.helloMs) return 'NO-HELLO'
    return !isLocal && forMs > timing.giveUpMs ? 'NO-ANSWER' : null
  }
  const checkSilence = (now: number): void => {
    const forMs = now - lastActivityAt
    const why = isHopeless(forMs, now)
    if (why) listener.onHopeless(why)
    if (why || isSilent || forMs <= timing.silentMs || (stage === 'knocking' && !isLocal)) return
    isSilent = true
    listener.onSilent(forMs)
  }
  const step = (): void => {
    const now = performance.now()
    const late = now - lastStep > stepMs * 4
    lastStep = now
    // We ourselves were stopped, or the host slept: the silence was ours.
    if (late) lastActivityAt = now
    if ((stage === 'open' || stage === 'in') && now - lastPing >= timing.pingMs) {
      lastPing = now
      listener.ping()
    }
    checkSilence(now)
  }
  const stop = every(stepMs, step)
  return {
    onActivity,
    accepted: () => {
      stage = 'accepted'
      onActivity()
    },
    opened: () => {
      stage = 'open'
      onActivity()
    },
    admitted: () => {
      stage = 'in'
    },
    stop,
  }
}
