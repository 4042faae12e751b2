/** The one shape of anything that went wrong for the user: what, why, what to do. */
export type Problem = {title: string; because?: string; tryThis?: string; from: 'you' | 'gateway' | 'us'}

/** A sentence begins with a capital; a command or a path stays as it is typed. */
const begun = (part: string): string =>
  /^(?:gatecrab|openclaw|ssh)\b/.test(part) ? part : part.replace(/^[a-z](?=[a-z]* |[a-z]+[.,:;])/, first => first.toUpperCase())

export const inWords = ({title, because, tryThis}: Problem): string =>
  [title, because, tryThis]
    .filter(part => part !== undefined)
    .map((part, i) => (i === 0 ? part : begun(part)))
    .map(part => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ')
