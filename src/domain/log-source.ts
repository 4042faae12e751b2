/** How much of one log was understood; counted in place, line by line. */
export type LogTally = {
  readonly file: string
  /** Lines that are not blank. */
  lines: number
  /** Lines that have not the form of a log line: output of another program, a stack trace, or a form that is not known. */
  formless: number
  firstFormless: number | null
  /** Lines about a connection, by whether they were understood. */
  connections: number
  odd: number
  firstOdd: number | null
}

export const createTally = (file: string): LogTally => ({
  file,
  lines: 0,
  formless: 0,
  firstFormless: null,
  connections: 0,
  odd: 0,
  firstOdd: null,
})

/** Of each log that is read, by its name. */
export type Tallies = Map<string, LogTally>

export const tallyIn = (tallies: Tallies, file: string): LogTally => {
  const tally = tallies.get(file) ?? createTally(file)
  tallies.set(file, tally)
  return tally
}

export const countFormless = (tally: LogTally, line: number): void => {
  tally.formless += 1
  tally.firstFormless ??= line
}

export const countOdd = (tally: LogTally, line: number): void => {
  tally.odd += 1
  tally.firstOdd ??= line
}

const maxIdBehind = 64

/**
 * A line about a connection says its id early and how it fared. What has that form and tells nothing is a line of a gateway
 * whose words are not known, and must not pass for silence.
 */
export const looksLikeConnection = (text: string, behind = maxIdBehind): boolean => {
  const at = text.indexOf(' conn=')
  return at > 0 && at <= behind && (text.includes(' code=') || text.includes(' reason=') || text.includes(' remote='))
}

/** What was not understood of a log. `isMajority`: so much that its silence says nothing. */
export type Misread = {count: number; of: number; first: number; isMajority: boolean}

const minOdd = 3

/** Null where all was understood, or where there are too few lines to say so. */
export const misreadOf = (tally: LogTally, minLines = 1): Misread | null => {
  const {lines, formless, firstFormless, connections, odd, firstOdd} = tally
  if (lines >= minLines && formless === lines && firstFormless !== null)
    return {count: lines, of: lines, first: firstFormless, isMajority: true}
  if (odd === 0 || firstOdd === null) return null
  return {count: odd, of: lines, first: firstOdd, isMajority: odd >= minOdd && odd > connections}
}

export const inWords = (file: string, {count, of, first}: Misread): string =>
  `${count} of ${of} lines ${count === 1 ? 'was' : 'were'} not understood, first: ${file}:${first}`

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
