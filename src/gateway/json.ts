/** What a text of JSON holds; undefined where it is none, as where it breaks off. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path; undefined if there is none. */
export const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined), value)

const maxDepth = 64
const [openings, closings] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])]

/** Brackets inside of texts count as well, of which a real document has few. To read a deep one takes a thousand times its length in memory. */
export const isDeep = (document: Uint8Array): boolean => {
  let depth = 0
  for (const byte of document) {
    if (openings.has(byte)) depth += 1
    else if (closings.has(byte)) depth -= 1
    if (depth > maxDepth) return true
  }
  return false
}
