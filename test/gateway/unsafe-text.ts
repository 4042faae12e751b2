/** What must not reach a terminal, a clipboard or a file: controls, marks that reorder text, halves of characters. */
export const unsafeCharacter =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Every text within a value that may be shown; the keys by which something is found are not. */
export const stringsIn = (value: unknown, seen = new Set<unknown>()): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  const inside =
    value instanceof Map || value instanceof Set
      ? [...value.values()]
      : Object.entries(value).flatMap(([key, part]) => (key === 'key' ? [] : [part]))
  return inside.flatMap(part => stringsIn(part, seen))
}

export const unsafeTexts = (value: unknown): string[] => stringsIn(value).filter(text => unsafeCharacter.test(text))
