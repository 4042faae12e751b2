import {type AlertWay, alertWays, isAlertWay} from '../../domain/alerts/ways.ts'
import {type Failure, usageFailure} from '../../domain/failure.ts'
import type {Args, Flags} from '../options.ts'

export const onChangeFlag = {
  'on-change': {
    value: 'CMD',
    about:
      'run it by /bin/sh at each change for better or worse: JSON on its standard input, GATECRAB_* variables; see help on-change',
  },
  'no-on-change': {about: 'do not run the onChange of the config file'},
} satisfies Flags

export const alertFlags = {
  alert: {
    value: 'WAY',
    words: alertWays,
    about: `how to alert when the gateway, a login, a client or the config changes for the worse: ${alertWays.join(', ')} (default bell)`,
  },
  ...onChangeFlag,
} satisfies Flags

/**
 * The command of the config file is about gateways that are somebody's, now: not about a demo or the past, and not where another gatecrab
 * does the watching. One that was typed is meant.
 */
export const onChangeOf = (args: Args, isReal: boolean): string | null =>
  args.typed.value('on-change') ?? (isReal && !args.flag('no-on-change') ? args.value('on-change') : null)

/** What keeps running can tell of a change, and of the gateway of this host. */
export const invalidOnChange = (args: Args, isFleet: boolean, isKept = true): Failure | null => {
  const command = args.typed.value('on-change')
  if (command === null) return null
  if (command.trim() === '')
    return usageFailure('Unknown --on-change “”', {tryThis: 'name a command, such as --on-change ./notify'})
  if (!isKept) return usageFailure('--on-change needs --watch', {tryThis: '`gatecrab check --watch --on-change CMD`'})
  return isFleet
    ? usageFailure('Unknown together with --host: --on-change', {
        tryThis: 'run `gatecrab check --watch --on-change CMD` on each of these hosts',
      })
    : null
}

export const invalidAlert = (args: Args): Failure | null => {
  const way = args.value('alert')
  return way === null || isAlertWay(way) ? null : usageFailure(`Unknown --alert ${way}`, {tryThis: alertFlags.alert.about})
}

export const alertWayOf = (args: Args): AlertWay => {
  const way = args.value('alert') ?? 'bell'
  return isAlertWay(way) ? way : 'bell'
}
