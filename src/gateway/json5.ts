import JSON5 from 'json5'

/** JSON5 warns of a line separator within a text, on the standard error that the screen is drawn beside. */
const quietly = <T>(parse: () => T): T => {
  const {warn} = console
  console.warn = () => {}
  try {
    return parse()
  } finally {
    console.warn = warn
  }
}

/** What a text of JSON5 holds, or what is wrong with it. */
export const parseJson5 = (text: string): {value: unknown} | {problem: string} => {
  try {
    return {value: quietly(() => JSON5.parse(text) as unknown)}
  } catch (error) {
    return {problem: error instanceof Error ? error.message.replace(/^JSON5: /, '') : 'not JSON5'}
  }
}
