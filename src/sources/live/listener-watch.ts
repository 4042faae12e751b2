import type {ListenerVerdict} from '../../domain/live/listener.ts'
import {type GatewayAddress, proveGateway} from './gateway-proof.ts'

export type ListenerWatch = {
  /** Somebody else listens, or nobody any more. */
  look: () => void
  close: () => void
}

/** Where a look is a program that is started, it is taken less often. */
const soonMs = process.platform === 'linux' ? 250 : 2000
const laterMs = 10_000
const soonFor = 240

/** Whether it is the gateway that listens, judged again for each new listener; what is not ready yet is asked again. */
export const watchListener = (address: GatewayAddress, onVerdict: (verdict: ListenerVerdict) => void): ListenerWatch => {
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let turn = 0
  let last = ''

  const checkListener = async (mine: number, tries: number): Promise<void> => {
    const {verdict} = await proveGateway(address)
    if (isClosed || mine !== turn) return
    const details = JSON.stringify(verdict)
    if (details !== last) onVerdict(verdict)
    last = details
    if (verdict.is === 'gateway' || verdict.is === 'foreign' || (verdict.is === 'none' && tries >= soonFor)) return
    timer = setTimeout(checkListener, tries < soonFor ? soonMs : laterMs, mine, tries + 1)
    timer.unref()
  }
  return {
    look: () => {
      clearTimeout(timer)
      turn += 1
      last = ''
      void checkListener(turn, 0)
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
