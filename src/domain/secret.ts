const shown = '[secret]'
const least = 24

/** A value that cannot be printed: not by a template, not as JSON, not by the inspector. Whoever needs it says `reveal`. */
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

/** First four … last four, where what is left out is long enough to stay secret; else only that it is set. */
export const fingerprintOf = (secret: Secret): string => {
  const value = secret.reveal().trim()
  return value.length < least ? 'set' : `${value.slice(0, 4)}…${value.slice(-4)}`
}
