import {clean} from './clean.ts'

const shown = '[secret]'
/** Eight characters of fewer would be a third of a passphrase, on a screen all day. */
const minBothEnds = 32
const minLastFour = 24

/** A value that cannot be printed: not by a template, not as JSON, not by the inspector. `reveal` returns it. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  get length(): number {
    return this.#value.length
  }
  toString(): string {
    return shown
  }
  toJSON(): string {
    return shown
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}

/** First four … last four of a long text, only … last four of a shorter one; of a short one that it is set, and no more. */
export const shortForm = (text: string): string => {
  if (text.length < minLastFour) return 'set'
  return clean(`${text.length < minBothEnds ? '' : text.slice(0, 4)}…${text.slice(-4)}`)
}

/** What may be shown of a secret: what is left out is long enough to stay one. */
export const fingerprintOf = (secret: Secret): string => shortForm(secret.reveal().trim())
