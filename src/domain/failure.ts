/** The one shape of anything that went wrong for the user: what, why, what to do. */
export type Failure = {
  title: string
  /** A clause that goes on behind a colon, or sentences that begin with a capital. */
  because?: string
  /** A sentence; its capital may be left to the printer, so a command stands in backticks. */
  tryThis?: string
  from: 'you' | 'gateway' | 'us'
  /** `usage`: the command cannot be run as it was typed. */
  kind?: 'usage'
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'title' in value && 'from' in value

/** The command cannot be run as it was typed: exit code 64. */
export const usageFailure = (title: string, more: Pick<Failure, 'because' | 'tryThis'>): Failure => ({
  title,
  ...more,
  from: 'you',
  kind: 'usage',
})

/** What nobody foresaw, as a failure of ours. */
export const unexpectedFailure = (title: string, error: unknown): Failure => ({
  title,
  because: error instanceof Error ? error.message : String(error),
  from: 'us',
})

/** Behind a colon a clause goes on in lower case, or with the code of an error. */
const isClause = (text: string): boolean => /^(?:[a-z]|E[A-Z]+$)/.test(text)

export const withPeriod = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`)

export const sentence = (text: string): string => withPeriod(text.charAt(0).toUpperCase() + text.slice(1))

/** A clause follows its title; where that has a colon already, it is a sentence of its own. */
const withReason = (title: string, because: string): string =>
  isClause(because) && !title.includes(': ')
    ? withPeriod(`${title}: ${because}`)
    : [withPeriod(title), sentence(because)].join(' ').trim()

export const formatFailure = ({title, because = '', tryThis = ''}: Failure): string =>
  [withReason(title, because), sentence(tryThis)].join(' ').trim()
