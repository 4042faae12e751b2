const sequences: Record<string, string> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  left: '\u001b[D',
  space: ' ',
}

/** What a terminal sends for a key; a character is itself. */
export const bytesOf = (key: string): string =>
  sequences[key] ?? (key.startsWith('ctrl+') ? String.fromCharCode(key.charCodeAt(5) & 0x1f) : key)
