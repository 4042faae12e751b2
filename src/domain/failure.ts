/** The one shape of anything that went wrong for the user: what, why, what to do. */
export type Failure = {
  title: string
  because?: string
  tryThis?: string
  from: 'you' | 'gateway' | 'us'
  /** `usage`: the command cannot be run as it was typed. */
  kind?: 'usage'
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'title' in value && 'from' in value

/** What goes on behind a colon: words, or the code of an error. */
const isClause = (text: string): boolean => /^(?:[a-z]|E[A-Z]+$)/.test(text)

/** A command is written as it is typed. */
const isCommand = (text: string): boolean =>
  /^(?:gatecrab|openclaw|ssh|docker|npm|node|chmod|sudo|launchctl|systemctl|gunzip|zstdcat|xzcat|bzcat)\b/.test(text)

const withPeriod = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`)

export const sentence = (text: string): string =>
  withPeriod(isClause(text) && !isCommand(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text)

/** A reason follows what it is for; where that is in two parts already, it stands by itself. */
const withReason = (title: string, because: string): string =>
  isClause(because) && !title.includes(': ')
    ? withPeriod(`${title}: ${because}`)
    : [withPeriod(title), sentence(because)].join(' ').trim()

export const formatFailure = ({title, because = '', tryThis = ''}: Failure): string =>
  [withReason(title, because), sentence(tryThis)].join(' ').trim()
