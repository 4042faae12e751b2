import {currentTime, type Options} from '../runtime/options.ts'

/** The time that is asked about, and the moment from which it is judged. */
export type Span = {since: number; until: number; now: number}

export const spanOf = (options: Options): Span => ({
  since: options.since ?? -Infinity,
  until: options.until ?? Infinity,
  now: currentTime(options),
})

export const isWithin = ({since, until}: Span, at: number): boolean => at >= since && at <= until
