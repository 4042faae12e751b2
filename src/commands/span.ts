import type {Given} from './flags.ts'
import {momentOf} from './time.ts'

export const nowOf = (given: Given): number => {
  const text = given.text('now')
  return text === null ? Date.now() : Date.parse(text)
}

/** The time that is asked about, and the moment from which it is judged. */
export type Span = {since: number; until: number; now: number}

export const spanOf = (given: Given): Span => {
  const now = nowOf(given)
  const at = (flag: 'since' | 'until', or: number): number => momentOf(given.text(flag) ?? '', now) ?? or
  return {since: at('since', -Infinity), until: at('until', Infinity), now}
}

export const isIn = ({since, until}: Span, at: number): boolean => at >= since && at <= until
