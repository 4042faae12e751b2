import {redact} from '../../domain/redact.ts'

/** What a ticket would take for a picture, a link, a person to be called, or markup. */
const markup = /[`*_[\]<>@#~|\\]|:\/\/|\bwww\./i

/** A stranger's words as they are: a picture of theirs would tell them who reads the ticket. */
export const asWritten = (text: string): string => {
  const safe = redact(text)
  return markup.test(safe) ? `\`${safe.replaceAll('`', "'")}\`` : safe
}

export const cell = (text: string): string => asWritten(text).replaceAll('|', '\\|')
