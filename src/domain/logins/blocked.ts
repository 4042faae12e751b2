import {providerReasonOf, reasonById} from '../reasons/reason.ts'
import type {BlockWindow, Usage} from './credential.ts'
import {howLong} from './words.ts'

/** Their limits are kept by the provider: OpenClaw never waits for them. */
const unlimited: ReadonlySet<string> = new Set(['openrouter', 'kilocode'])

/** The window that ends last among those still open. Past ones stay in the row until the next write. */
export const blockedNow = (provider: string, usage: Usage | undefined, now: number): BlockWindow | null => {
  if (!usage || unlimited.has(provider)) return null
  return usage.windows
    .filter(({until}) => until > now)
    .reduce<BlockWindow | null>((last, window) => (last !== null && last.until >= window.until ? last : window), null)
}

/** A window may hold for one model only. */
export const isBlockedFor = (block: BlockWindow | null, model: string | null): boolean =>
  block !== null && (block.model === null || model === null || block.model === model)

const signInAgain: ReadonlySet<string> = new Set(['auth_permanent', 'session_expired'])

/** The provider turned the login away, and not only for a while. */
export const isRejected = (block: BlockWindow | null): boolean => block?.reason != null && signInAgain.has(block.reason)

/** What helps against the block itself: the login may be good, and a new one would not end it. */
export const blockedAdvice = ({reason}: BlockWindow): string => reasonById(providerReasonOf({why: reason})).tryThis

/** To follow a sentence about the login itself. */
export const blockedWhy = ({until, reason, model}: BlockWindow, now: number): string => {
  const forWhat = model === null ? '' : ` for ${model}`
  return `OpenClaw will not use it${forWhat} for another ${howLong(until, now)}${reason === null ? '' : ` (${reason})`}`
}
