/** The one shape of anything that went wrong for the user: what, why, what to do. */
export type Problem = {title: string; because?: string; tryThis?: string; from: 'you' | 'gateway' | 'us'}

export const inWords = ({title, because, tryThis}: Problem): string =>
  [title, because, tryThis]
    .filter(part => part !== undefined)
    .map(part => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ')
