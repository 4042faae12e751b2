/** One log that is read, or that should be. */
export type LogSource = {
  name: string
  state: 'reading' | 'missing' | 'unreadable' | 'ended'
  because: string | null
  lastLineAt: number | null
}
