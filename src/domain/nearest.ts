/** How many letters are put in, left out, changed or swapped between two words. */
const distance = (a: string, b: string): number => {
  const rows = [Array.from({length: b.length + 1}, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, isSwap ? at(i - 2, j - 2) + 1 : Infinity))
    }
  }
  return at(a.length, b.length)
}

const maxTypedLength = 40

/** What was meant by a word with a slip in it; a beginning that only one word has is that word. */
export const nearest = (typed: string, words: readonly string[]): string | null => {
  if (typed === '' || typed.length > maxTypedLength) return null
  const begun = words.filter(word => word.startsWith(typed))
  if (begun.length === 1 && typed.length > 1) return begun[0] ?? null
  const [best] = words
    .map(word => ({word, slips: distance(typed, word)}))
    .filter(({slips}) => slips <= Math.max(1, Math.floor(typed.length / 3)))
    .sort((a, b) => a.slips - b.slips)
  return best?.word ?? null
}
