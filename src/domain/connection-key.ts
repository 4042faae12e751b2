/** Eight and four of a connection's digits, which is how most lines write its id. */
export const shortId = (conn: string): string => (conn.length > 13 ? `${conn.slice(0, 8)}…${conn.slice(-4)}` : conn)

export const isShort = (conn: string): boolean => conn.length === 13 && conn.charCodeAt(8) === 0x2026

const hexBetween = (text: string, start: number, end: number): number => {
  let value = 0
  for (let i = start; i < end; i += 1) {
    const code = text.charCodeAt(i)
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : Number.NaN
    value = value * 16 + digit
  }
  return value
}

const hexKeys = 2 ** 48

const hashed = (text: string): number => {
  let value = 0
  for (let i = 0; i < text.length; i += 1) value = (value * 31 + text.charCodeAt(i)) % hexKeys
  return hexKeys + value
}

/** The digits of the short id as a number: a text as a key takes five times the time and the memory. */
export const connectionKey = (conn: string): number => {
  const key = conn.length < 13 ? Number.NaN : hexBetween(conn, 0, 8) * 0x10000 + hexBetween(conn, conn.length - 4, conn.length)
  return Number.isNaN(key) ? hashed(shortId(conn)) : key
}
