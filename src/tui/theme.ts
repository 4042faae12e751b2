import type {Role} from '../app/rows/rows.ts'

/** The look of each role as a terminal attribute: sixteen colours, so that the operator's own palette decides. */
export type Theme = {
  isAscii: boolean
  open: (role: Role) => string
  close: string
  chosen: readonly [string, string]
  match: readonly [string, string]
}

const attributes: Record<Role, string> = {
  plain: '',
  dim: '\u001b[2m',
  good: '\u001b[32m',
  bad: '\u001b[31m',
  warn: '\u001b[33m',
  note: '\u001b[36m',
  strong: '\u001b[1m',
  title: '\u001b[1;35m',
  match: '\u001b[4m',
}

const colourless: Partial<Record<Role, string>> = {strong: '\u001b[1m'}

export const themeFor = ({colour, isAscii}: {colour: boolean; isAscii: boolean}): Theme => ({
  isAscii,
  open: role => (colour ? attributes[role] : (colourless[role] ?? '')),
  close: '\u001b[0m',
  chosen: ['\u001b[7m', '\u001b[27m'],
  match: ['\u001b[4m', '\u001b[24m'],
})
