/**
 * C1 controls, marks that reorder text and line separators: a terminal that shows our JSON would obey them, and some readers
 * of NDJSON split a line at them. Escaped, the value a program reads stays whole. JSON itself escapes C0 and lone surrogates.
 */
const unsafe =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g

const escaped = (chars: string): string =>
  Array.from({length: chars.length}, (_, i) => `\\u${chars.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

/** Every JSON that we print goes through here. */
export const toJson = (value: unknown, indent?: number): string => JSON.stringify(value, null, indent).replace(unsafe, escaped)
