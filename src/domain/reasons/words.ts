import type {Reason} from './row.ts'

type Row<Id extends string> = readonly [Id, Reason]

export const dashed = (word: string): string => word.replaceAll('_', '-')

/** `HTTP 401`, `code=1008`, `AUTH_TOKEN_MISMATCH`, `Token mismatch`: how people copy a word. */
const plain = (word: string): string =>
  dashed(word.trim().toLowerCase())
    .replace(/^(http\/[\d.]+ \d{3}) .*/, '$1')
    .replace(/^(?:http(?:\/\d(?:\.\d)?)?[\s-]+|(?:close )?code[\s=:]+|(?:cause|reason|authreason|status)[=:]\s*)/, '')
    .replaceAll(/\s+/g, '-')

/** The words that are a reason's own: no two reasons have one in common. */
export const ownWords = ([id, row]: Row<string>): readonly string[] => [
  ...new Set([id, row.authReason ?? id, ...(row.alias ?? [])].map(word => dashed(word.toLowerCase()))),
]

const sharedWords = ([, {also = [], why = [], codes = [], status = []}]: Row<string>): readonly string[] =>
  [...also, ...why, ...codes, ...status].map(word => dashed(`${word}`.toLowerCase()))

/** `gateway connect failed: Error: unauthorized: …`: what a client prints before the words of the gateway. */
const endsOf = (sentence: string): readonly string[] => {
  const ends = [sentence]
  for (let at = sentence.indexOf(': '); at >= 0; at = sentence.indexOf(': ', at + 2)) ends.push(sentence.slice(at + 2).trim())
  return ends
}

const byText = <Id extends string>(rows: readonly Row<Id>[], sentence: string): readonly Row<Id>[] => {
  for (const end of endsOf(sentence)) {
    const row = rows.find(([, {text}]) => text?.test(end))
    if (row) return [row]
  }
  return []
}

/** `gateway closed (1006 abnormal closure …)`, `disconnected (1008)`. */
const codeIn = (sentence: string): string | undefined => /\b(?:closed|disconnected) \((\d{4})\b/.exec(sentence)?.[1]

/** The reasons that a word may mean, best first; parts of names count only where nothing else fits. */
export const meantBy = <Id extends string>(rows: readonly Row<Id>[], word: string): readonly Id[] => {
  const asked = plain(word)
  if (asked === '') return []
  const own = rows.filter(row => ownWords(row).includes(asked))
  const textReason = word.trim().includes(' ') ? byText(rows, word.trim()) : []
  const shared = rows.filter(row => sharedWords(row).includes(asked))
  const causedBy = rows.filter(([, row]) => row.cause === asked)
  const sure = [...new Set([...own, ...textReason, ...shared, ...causedBy])]
  const code = sure.length === 0 ? codeIn(word) : undefined
  if (code !== undefined) return meantBy(rows, code)
  const best = sure.length > 0 ? sure : rows.filter(([id]) => `-${id}-`.includes(`-${asked}-`))
  return best.map(([id]) => id)
}
