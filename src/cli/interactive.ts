import {isPiped} from '../runtime/options.ts'
import type {Args} from './options.ts'

export const isInteractive = ({options}: Args): boolean =>
  process.stdout.isTTY === true && process.env['TERM'] !== 'dumb' && (process.stdin.isTTY === true || isPiped(options))

export const wantsColour = (args: Args): boolean => !args.flag('no-color') && !process.env['NO_COLOR']
