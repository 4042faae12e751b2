import type {Args, Flags} from '../../cli/options.ts'
import {clean} from '../../domain/clean.ts'

const ways = ['bell', 'title', 'osc9', 'none'] as const
type Way = (typeof ways)[number]

export const alertFlag = {
  alert: {value: 'WAY', about: `when a login falls ill: ${ways.join(', ')} (default bell)`},
} satisfies Flags

const isWay = (text: string): text is Way => (ways as readonly string[]).includes(text)

export const invalidAlert = (args: Args): string | null => {
  const way = args.value('alert')
  return way === null || isWay(way) ? null : `Unknown --alert ${way}`
}

const wayOf = (args: Args): Way => {
  const way = args.value('alert') ?? 'bell'
  return isWay(way) ? way : 'bell'
}

/** Put by and taken back, so that the title of the terminal is what it was when we leave. */
const keepTitle = '\u001b[22;2t'
const giveTitleBack = '\u001b[23;2t'

/** The bell, the title or a notice of the terminal, as the operator set; the text is cleaned, and short. */
export const createAlerter = (args: Args): {ring: (text: string) => void; silence: () => void} => {
  const way = wayOf(args)
  let isTitled = false
  const alert = (text: string): void => {
    const alertText = `gatecrab: ${clean(text, 200)}`
    if (way === 'bell') process.stdout.write('\u0007')
    if (way === 'osc9') process.stdout.write(`\u001b]9;${alertText}\u0007`)
    if (way !== 'title') return
    process.stdout.write(`${isTitled ? '' : keepTitle}\u001b]2;${alertText}\u0007`)
    isTitled = true
  }
  return {ring: alert, silence: () => void (isTitled && process.stdout.write(giveTitleBack))}
}
