import {clean} from '../../domain/clean.ts'

export const alertWays = ['bell', 'title', 'osc9', 'none'] as const
export type AlertWay = (typeof alertWays)[number]

export const isAlertWay = (text: string): text is AlertWay => (alertWays as readonly string[]).includes(text)

/** Put by and taken back, so that the title of the terminal is what it was when we leave. */
const keepTitle = '\u001b[22;2t'
const giveTitleBack = '\u001b[23;2t'

/** The bell, the title or a notice of the terminal, as the operator set; the text is cleaned, and short. */
export const createAlerter = (way: AlertWay): {alert: (text: string) => void; silence: () => void} => {
  let isTitled = false
  const alert = (text: string): void => {
    const alertText = `gatecrab: ${clean(text, 200)}`
    if (way === 'bell') process.stdout.write('\u0007')
    if (way === 'osc9') process.stdout.write(`\u001b]9;${alertText}\u0007`)
    if (way !== 'title') return
    process.stdout.write(`${isTitled ? '' : keepTitle}\u001b]2;${alertText}\u0007`)
    isTitled = true
  }
  return {alert, silence: () => void (isTitled && process.stdout.write(giveTitleBack))}
}
