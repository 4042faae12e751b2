import {type AlertWay, alertWays, isAlertWay} from '../tui/terminal/terminal.ts'
import type {Args, Flags} from './options.ts'

export const alertFlag = {
  alert: {value: 'WAY', about: `how to alert when a login expires or breaks: ${alertWays.join(', ')} (default bell)`},
} satisfies Flags

export const invalidAlert = (args: Args): string | null => {
  const way = args.value('alert')
  return way === null || isAlertWay(way) ? null : `Unknown --alert ${way}`
}

export const alertWayOf = (args: Args): AlertWay => {
  const way = args.value('alert') ?? 'bell'
  return isAlertWay(way) ? way : 'bell'
}
