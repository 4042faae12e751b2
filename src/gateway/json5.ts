import JSON5 from 'json5'

/** What a text of JSON5 holds, or what is wrong with it. */
export const parseJson5 = (text: string): {value: unknown} | {problem: string} => {
  try {
    return {value: JSON5.parse(text) as unknown}
  } catch (error) {
    return {problem: error instanceof Error ? error.message.replace(/^JSON5: /, '') : 'not JSON5'}
  }
}
