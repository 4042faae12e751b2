/** How a value is written in which lines that are alike may differ. */
export type Form = 'word' | 'number'

const tableOf = (letters: RegExp): Uint8Array =>
  Uint8Array.from({length: 256}, (_, code) => (code < 128 && letters.test(String.fromCharCode(code)) ? 1 : 0))

const digits = tableOf(/\d/)
/** Letters that need no cleaning and end no value. */
const plain = tableOf(/[\w.:>%+[\]-]/)
const maxWord = 128
const maxNumber = 12

const isEllipsis = (bytes: Buffer, at: number): boolean => bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0xa6

const endOfWord = (bytes: Buffer, start: number, end: number): number => {
  let at = start
  for (;;) {
    while (at < end && plain[bytes[at]!] === 1) at += 1
    if (!isEllipsis(bytes, at)) return at
    at += 3
  }
}

/** JSON has no number that begins with a zero. */
const endOfNumber = (bytes: Buffer, start: number, end: number): number => {
  let at = start
  while (at < end && digits[bytes[at]!] === 1) at += 1
  return at > start + 1 && bytes[start] === 0x30 ? start : at
}

/** Where a value ends; at its start where there is none. */
export const endOfValue = (isWord: boolean, bytes: Buffer, start: number, end: number): number => {
  const valueEnd = isWord ? endOfWord(bytes, start, end) : endOfNumber(bytes, start, end)
  return valueEnd - start > (isWord ? maxWord : maxNumber) ? start : valueEnd
}
