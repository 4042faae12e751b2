/** One log that is read, or that should be. */
export type LogSource = {
  name: string
  /** `left-out`: OpenClaw itself would not write there, so what lies there is not this gateway's. */
  state: 'reading' | 'missing' | 'unreadable' | 'left-out' | 'ended'
  because: string | null
  lastLineAt: number | null
}
