/** Quotes a word for the shell, so that a copied command takes it literally. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** `{name}` is filled in; between backticks, where a command stands, as one word of a shell. */
export const filledText = (template: string, values: Readonly<Record<string, string>>): string =>
  template
    .split('`')
    .map((part, i) =>
      part.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name]
        if (value === undefined) return whole
        return i % 2 === 1 ? shellWord(value) : value
      }),
    )
    .join('`')
