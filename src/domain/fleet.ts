import type {Problem} from './problem.ts'

/** What the gatecrab beside a gateway elsewhere says of it. All of it is a stranger's, read and cleaned at the edge. */
export type Word = {
  verdict: 'ok' | 'soon' | 'unknown' | 'broken'
  gatecrab: string | null
  release: string | null
  reach: string | null
  refused: number
  in: number
  /** From when it was said until the next login ends. */
  nextEndMs: number | null
  problems: readonly {id: string; layer: string; harm: string; title: string; because: string; tryThis: string; count: number}[]
}

/** A gateway on another machine, and what is known of it. */
export type Distant = {
  host: string
  word: Word | null
  heardAt: number | null
  /** Why nothing is heard now; null while the line is open, or is being opened. */
  problem: Problem | null
  retryAt: number | null
}

export type Tiding =
  | {kind: 'said'; host: string; word: Word; event: 'began' | 'changed' | 'unchanged'; at: number}
  | {kind: 'lost'; host: string; problem: Problem; retryAt: number | null; at: number}

export const distant = (host: string): Distant => ({host, word: null, heardAt: null, problem: null, retryAt: null})

export const withTiding = (before: Distant, tiding: Tiding): Distant =>
  tiding.kind === 'lost'
    ? {...before, problem: tiding.problem, retryAt: tiding.retryAt}
    : {...before, word: tiding.word, heardAt: tiding.at, problem: null, retryAt: null}

/** Three times the length in which a word is due. */
const silentAfterMs = 45_000

export type Standing = Word['verdict'] | 'unreachable' | 'silent' | 'connecting'

/** Old news is no news: what cannot be heard now is not fine because it once was. */
export const standingOf = ({word, heardAt, problem}: Distant, now: number): Standing => {
  if (problem) return 'unreachable'
  if (word === null || heardAt === null) return 'connecting'
  return now - heardAt > silentAfterMs ? 'silent' : word.verdict
}

const order: readonly Standing[] = ['ok', 'connecting', 'soon', 'silent', 'unreachable', 'unknown', 'broken']

/** The worst first, so that one looks where it burns. */
export const worstFirst = (all: readonly Distant[], now: number): Distant[] =>
  all.toSorted((a, b) => order.indexOf(standingOf(b, now)) - order.indexOf(standingOf(a, now)))

export const endsIn = ({word, heardAt}: Distant, now: number): number | null =>
  word === null || word.nextEndMs === null || heardAt === null ? null : word.nextEndMs - (now - heardAt)
