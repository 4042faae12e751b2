export type Roll = (sides: number) => number

/** The same numbers every time. */
export const dice = (seed: number): Roll => {
  let state = seed
  return sides => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const digits = (text: string, roll: Roll): string => text.replace(/[0-9a-f]/g, () => roll(16).toString(16))

/** As if it were of another connection, at another time and from another port. */
export const ofOthers = (raw: string, roll: Roll): string => {
  const day = String(1 + roll(28)).padStart(2, '0')
  const port = String(1024 + roll(60_000))
  return raw
    .replace(/\b[0-9a-f]{8}(?=-[0-9a-f]{4}-|…)/g, id => digits(id, roll))
    .replace(/\d\d(?=T\d\d:\d\d:\d\d\.\d{3})/g, day)
    .replace(/(?<="durationMs":)\d+/g, String(roll(2000)))
    .replace(/(?<="remotePort":|remotePort=)\d+|(?<=127\.0\.0\.1:|\[::1\]:)\d+(?=->)/g, port)
}

const strange = [
  '\\"',
  '\\u001b[2J',
  ' conn=x',
  ' peer=x',
  ' durationMs=5',
  ' remote=',
  '\u202e',
  'é',
  '…',
  '\u007f',
  'n/a',
  '0',
  '00',
  ' ',
  '"',
  '}',
  '\r',
  '"time":"2026-01-02T03:04:05.678Z"',
  '\\",\\"time\\":\\"',
  '00000000-0000-0000-0000-000000000000',
]

/** Something else put in, or over what stood there; or cut off. */
export const spoilt = (raw: string, roll: Roll): string => {
  const at = roll(raw.length)
  const word = strange[roll(strange.length)] ?? ''
  const way = roll(5)
  if (way === 0) return raw.slice(0, Math.max(1, at))
  return raw.slice(0, at) + word + raw.slice(way < 3 ? at : at + word.length)
}
