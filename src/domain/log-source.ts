import type {Misread} from './log-tally.ts'

/** One log that is read, or that should be. */
export type LogSource = {
  name: string
  /**
   * `left-out`: OpenClaw itself would not write there, so what lies there is not this gateway's. `of-another`: another gateway, or
   * commands, wrote it.
   */
  state: 'reading' | 'missing' | 'unreadable' | 'left-out' | 'of-another' | 'ended'
  because: string | null
  /** What helps, where that is not the usual. */
  tryThis?: string
  lastLineAt: number | null
  /** Lines that were not understood, if any. */
  misread?: Misread | null
}
