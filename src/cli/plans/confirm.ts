import readline from 'node:readline/promises'

/** The word that runs the plan, typed at a terminal. Anything else runs nothing. */
export const typedWord = async (word: string): Promise<boolean> => {
  const asking = readline.createInterface({input: process.stdin, output: process.stderr})
  try {
    const answer = await asking.question(`Type ${word} to run it, anything else to leave it: `)
    return answer.trim() === word
  } catch {
    return false
  } finally {
    asking.close()
  }
}

export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true
