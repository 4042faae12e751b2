import {redact} from '../../domain/redact.ts'

/** What a ticket would take for a picture, a link, a person to be called, a formula, an entity, or markup. */
const markup = /[`*_[\]<>@#~|\\&$]|:\/\/|\bwww\./i

/**
 * Whatever a report says goes through here: any sentence of ours may name a client or a path, and a stranger's picture would
 * tell them who reads the ticket. A code span shows every character as it is.
 */
export const asWritten = (text: string): string => {
  const safe = redact(text)
  return markup.test(safe) ? `\`${safe.replaceAll('`', "'")}\`` : safe
}

export const cell = (text: string): string => asWritten(text).replaceAll('|', '\\|')
