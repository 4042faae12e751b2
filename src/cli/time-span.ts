import {parseMoment} from './moment-flags.ts'
import type {Args} from './options.ts'

export const currentTime = (args: Args): number => {
  const text = args.value('now')
  return text === null ? Date.now() : Date.parse(text)
}

/** The time that is asked about, and the moment from which it is judged. */
export type Span = {since: number; until: number; now: number}

export const spanOf = (args: Args): Span => {
  const now = currentTime(args)
  const at = (flag: 'since' | 'until', or: number): number => parseMoment(args.value(flag) ?? '', now) ?? or
  return {since: at('since', -Infinity), until: at('until', Infinity), now}
}

export const isWithin = ({since, until}: Span, at: number): boolean => at >= since && at <= until
